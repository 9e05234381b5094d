import { batchSizesOf } from '../../infra/config/batch-sizes.ts';
import { endpointNameOf, fixedLimitsOf } from '../../infra/config/model-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { withReviewer } from '../../infra/config/shadow-reviewer.ts';
import type { ShadowSettings } from '../../infra/config/shadow-settings.ts';
import type { Engine } from '../../infra/engine.ts';
import { startShadow as startStage } from '../../pipeline.ts';
import type { ChatModel } from '../../stages/chat-model.ts';
import { type Lane, MAIN_LANE } from '../../stages/lane.ts';
import { shadowStageOf } from '../../stages/shadow/shadow-name.ts';
import { EndpointGate } from '../../streams/endpoint-gate.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import { persistThrough } from '../../streams/persist.ts';
import type { RunningStage } from '../../streams/run-stage.ts';
import type { StageEvent } from '../../streams/stage-events.ts';
import type { StopSignals } from '../../streams/stop.ts';
import type { UnsavedWrites } from '../../streams/unsaved-writes.ts';
import { budgetOf, untilSpent } from '../run-budget.ts';
import { watchCircuits } from '../session-endpoints.ts';
import { stageOptions } from '../stage-options.ts';
import { StopController } from '../stop-controller.ts';

/** Of the session that the shadow judges work beside. */
export type BesideSession = Readonly<{
  settings: Settings;
  namespace: string;
  simulated: boolean;
  engine: Engine;
  endpoints: ReadonlyMap<string, EndpointGate>;
  unsaved: UnsavedWrites;
  stop: StopSignals;
  onNotice(text: string): void;
  onEvent(event: StageEvent): void;
}>;

/** Everything of a shadow judge that may be refused at the start. */
export type PreparedShadow = Readonly<{
  name: string;
  shadow: ShadowSettings;
  lane: Lane;
  model: ChatModel;
}>;

/** A shadow judge at work. Whatever stops it, the session goes on. */
export type RunningShadow = Readonly<{
  name: string;
  model: string;
  stage: RunningStage;
  /** Aborted once it takes no more. */
  stopped: AbortSignal;
  /** Whether its endpoint is away. */
  isCutOff(): boolean;
  /** Drains it, and leaves nothing open. */
  close(): Promise<void>;
}>;

/** Starts at once. */
export function startShadow(
  session: BesideSession,
  { name, shadow, lane, model }: PreparedShadow,
): RunningShadow {
  const settings = withReviewer(session.settings, shadow);
  const { engine, namespace, stop: outer, onNotice } = session;
  const own = new StopController();
  const stop = {
    draining: AbortSignal.any([outer.draining, own.signals.draining]),
    aborted: outer.aborted,
  };
  const halt = (failure: Failure) => {
    if (stop.draining.aborted) return;
    onNotice(`The shadow judge ${name} stopped; everything else goes on. ${failure.message}`);
    own.drain();
  };
  const onEvent = (event: StageEvent) => {
    session.onEvent({ ...event, stage: shadowStageOf(name) });
    if (event.kind === 'outcome' && event.outcome.kind === 'fatal') halt(event.outcome.failure);
  };
  const { endpoint, close } = endpointFor(session, settings, halt);
  const budget = budgetOf({
    ...{ settings, lane, simulated: session.simulated, stages: ['review'] as const },
    book: engine.store.spending,
    persist: persistThrough(stop, (failure) => onEvent({ kind: 'write-waits', stage: 'budget', failure })),
  });
  untilSpent(budget, ['run']).then(() => halt(spent(name)));
  const stage = startStage(
    stageOptions({
      ...{ settings, engine, namespace, budget, unsaved: session.unsaved, stop, onEvent },
      model,
      endpointOf: () => endpoint,
    }),
    {
      ...{ name, source: MAIN_LANE, into: lane.name, share: shadow.share, ask: shadow.ask },
      batchSize: shadow.batchSize ?? batchSizesOf(settings).review,
    },
  );
  stage.done.catch((error: unknown) => halt(asFailure(error)));
  return {
    name,
    model: lane.recipes.review.settings.model,
    stage,
    stopped: stop.draining,
    isCutOff: () => endpoint.circuit.state.kind === 'open',
    close: async () => {
      own.drain();
      await stage.done.catch(() => undefined);
      close();
      await budget.close();
    },
  };
}

/** The reviewer's own where both call the same, else one of its own: its trouble is nobody else's. */
function endpointFor(
  session: BesideSession,
  settings: Settings,
  halt: (failure: Failure) => void,
): Readonly<{ endpoint: EndpointGate; close(): void }> {
  const name = endpointNameOf(settings, 'review');
  const shared = session.endpoints.get(name);
  if (shared !== undefined) return { endpoint: shared, close: () => undefined };
  const endpoint = new EndpointGate({
    ...{ name, stop: session.stop.draining, limits: fixedLimitsOf(settings, 'review') },
  });
  watchCircuits(new Map([[name, endpoint]]), (failure) => halt(asFailure(failure)));
  return { endpoint, close: () => endpoint.close() };
}

function spent(name: string): Failure {
  const advice = `Start again with a further --shadow-max-cost or --shadow-max-tokens: what it judged costs nothing again.`;
  return new Failure('fatal', 'budget_spent', `What ${name} may spend in this run is used up. ${advice}`);
}
