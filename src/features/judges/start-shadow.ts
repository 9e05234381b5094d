import { setMaxListeners } from 'node:events';
import { batchSizeOf } from '../../infra/config/model/model-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { ShadowSettings } from '../../infra/config/shadow-settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import type { ChatModel } from '../../stages/agent/chat-model.ts';
import { shadowStageOf } from '../../stages/judges/shadow-name.ts';
import { type Lane, MAIN_LANE } from '../../stages/lanes/lane.ts';
import { recipeHash } from '../../stages/lanes/recipe.ts';
import { startShadow as startStage } from '../../stages/pipeline.ts';
import type { Budget } from '../../streams/budget/budget.ts';
import type { RunningStage } from '../../streams/delivery/run-stage.ts';
import type { StageEvent } from '../../streams/delivery/stage-events.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { EndpointGate } from '../../streams/limits/endpoint-gate.ts';
import type { StopSignals } from '../../streams/stop.ts';
import { persistThrough } from '../../streams/work/persist.ts';
import type { UnsavedWrites } from '../../streams/work/unsaved-writes.ts';
import { budgetOf, untilSpent } from '../run/progress/run-budget.ts';
import { stageOptions } from '../run/session/stage-options.ts';
import { StopController } from '../run/session/stop-controller.ts';
import type { ShadowEndpoints } from './shadow-endpoints.ts';

/** A pause that is longer is not waited out at the end of a run. */
const LONG_PAUSE_MS = 5_000;

/** Of the session that the shadow judges work beside. */
export type BesideSession = Readonly<{
  settings: Settings;
  namespace: string;
  simulated: boolean;
  engine: Engine;
  endpoints: ReadonlyMap<string, EndpointGate>;
  /** Whether the process works nothing else: then it ends when its shadows have stopped. */
  alone: boolean;
  unsaved: UnsavedWrites;
  stop: StopSignals;
  onNotice(text: string): void;
  onEvent(event: StageEvent): void;
  /** Breaks the session. */
  fail(failure: unknown): void;
}>;

/** Everything of a shadow judge that may be refused at the start. */
export type PreparedShadow = Readonly<{
  name: string;
  shadow: ShadowSettings;
  /** Those of the session, with the shadow as the reviewer. */
  settings: Settings;
  lane: Lane;
  model: ChatModel;
}>;

/** A shadow judge at work. Whatever stops it, the session goes on. */
export type RunningShadow = Readonly<{
  name: string;
  model: string;
  stage: RunningStage;
  /** What keeps it from judging now; `undefined` where nothing does. */
  heldUpBy(): string | undefined;
}>;

/**
 * Starts at once, and is drained when `opened` is disposed of.
 *
 * @param onHalted hears why it stopped by itself.
 */
export function startShadowJudge(
  { opened, ...session }: BesideSession & Readonly<{ opened: AsyncDisposableStack }>,
  { name, shadow, settings, lane, model }: PreparedShadow,
  endpoints: ShadowEndpoints,
  onHalted: (failure: Failure) => void,
): RunningShadow {
  const { engine, namespace, simulated, unsaved } = session;
  const { stop, drain } = stopBeside(session.stop);
  const halt = (error: unknown) => {
    if (stop.draining.aborted) return;
    drain();
    onHalted(asFailure(error));
  };
  const onEvent = (event: StageEvent) => {
    session.onEvent({ ...event, stage: shadowStageOf(name) });
    if (event.kind === 'outcome' && event.outcome.kind === 'fatal') halt(event.outcome.failure);
  };
  const endpoint = endpoints.of(settings, halt);
  const persist = persistThrough(stop, (failure) =>
    onEvent({ kind: 'write-waits', stage: 'budget', failure }),
  );
  const stages = ['review'] as const;
  const budget = budgetOf({ settings, lane, simulated, stages, spending: engine.store.spending, persist });
  opened.defer(() => budget.close());
  untilSpent(budget, ['run']).then(() => halt(spent(name)));
  const parts = { settings, engine, namespace, model, budget, unsaved, stop, onEvent };
  const stage = startStage(stageOptions({ ...parts, endpointOf: () => endpoint }), {
    ...{ name, source: MAIN_LANE, into: lane.name, share: shadow.share, ask: shadow.ask },
    recipe: recipeHash(lane.recipes.review),
    batchSize: shadow.batchSize ?? batchSizeOf(settings, 'review'),
  });
  opened.defer(async () => {
    drain();
    await stage.done.catch(() => undefined);
  });
  stage.done.catch(halt);
  return {
    name,
    model: lane.recipes.review.settings.model,
    stage,
    heldUpBy: () => reasonIn({ stop, endpoint, budget }),
  };
}

/** Stops with the session, or by itself. */
function stopBeside(session: StopSignals): Readonly<{ stop: StopSignals; drain(): void }> {
  const own = new StopController();
  const draining = AbortSignal.any([session.draining, own.signals.draining]);
  // Every wait listens, as with those of the session.
  setMaxListeners(0, draining);
  return { stop: { draining, aborted: session.aborted }, drain: () => own.drain() };
}

type Parts = Readonly<{ stop: StopSignals; endpoint: EndpointGate; budget: Budget }>;

function reasonIn({ stop, endpoint, budget }: Parts): string | undefined {
  if (stop.draining.aborted) return 'stopped';
  if (endpoint.circuit.state.kind === 'open') return 'its endpoint is away';
  if (endpoint.state.pausedMs > LONG_PAUSE_MS) return 'its endpoint asks to wait';
  return budget.state.kind === 'spent' ? 'what may be spent today is used up' : undefined;
}

function spent(name: string): Failure {
  const advice = `Start again with a further --shadow-max-cost or --shadow-max-tokens: what it judged costs nothing again.`;
  return new Failure('fatal', 'budget_spent', `What ${name} may spend in this run is used up. ${advice}`);
}
