import type { Logger } from 'pino';
import { Subject } from 'rxjs';
import { batchSizeOf } from '../../../infra/config/model/model-settings.ts';
import { type StagePipelineOptions, startPipeline } from '../../../stages/pipeline.ts';
import { type StageName, stageNames } from '../../../stages/stage-names.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import { persistThrough } from '../../../streams/work/persist.ts';
import type { UnsavedWrites } from '../../../streams/work/unsaved-writes.ts';
import { startShadows } from '../../judges/shadows.ts';
import type { PreparedShadow } from '../../judges/start-shadow.ts';
import { Meter } from '../progress/meter.ts';
import { budgetOf } from '../progress/run-budget.ts';
import { watchLosses } from '../watch-losses.ts';
import { startWatchdogs } from '../watchdogs/start-watchdogs.ts';
import { logBudget, logEndpoint, logEvent } from './event-log.ts';
import { toolNotices, watchCutPrompts } from './model-notices.ts';
import type { Session, SessionOptions } from './session.ts';
import { endpointIn, endpointsOf, watchCircuits } from './session-endpoints.ts';
import { ToolGates } from './session-tools.ts';
import { stageOptions } from './stage-options.ts';
import type { StopController } from './stop-controller.ts';
import { StopDeadline } from './stop-deadline.ts';
import type { WatchedPauses } from './watch-pauses.ts';
import { showWorker, type WorkerIdentity, workerStateOf } from './worker-state.ts';

/** What a session stands on, before anybody is at work. */
export type Ready = Pick<
  Session,
  | 'settings'
  | 'namespace'
  | 'simulated'
  | 'model'
  | 'engine'
  | 'sessionTools'
  | 'lane'
  | 'old'
  | 'differing'
  | 'alarms'
  | 'stop'
> &
  Readonly<{
    identity: WorkerIdentity;
    unsaved: UnsavedWrites;
    pauses: WatchedPauses;
    prepared: readonly PreparedShadow[];
    alone: boolean;
    logger: Logger;
    opened: AsyncDisposableStack;
    onNotice(text: string): void;
  }> &
  Pick<SessionOptions, 'onEvent' | 'stuckMs'>;

/** Sets the stages, their shadow judges and those who watch them to work. What it starts is closed by `opened`. */
export function startSession(given: Ready, wanted: readonly StageName[] | undefined): Session {
  const { onEvent, stuckMs, prepared, onNotice, identity, logger, opened, ...ready } = given;
  const { settings, namespace, model, engine, stop, unsaved, pauses, sessionTools } = ready;
  const { tools } = sessionTools;
  const { events, meter } = hearEvents(given);
  const { endpoints, toolGates, watched, budget } = openGates(given, events, wanted ?? stageNames());
  logger.info({ lane: ready.lane.name, model: model.address, simulated: ready.simulated }, 'session started');
  const { broken, fail } = breakage(stop);
  watchCircuits(endpoints, fail);
  const { embedders } = engine;
  if (embedders !== undefined)
    watchCircuits(
      new Map([[embedders.gate.name, embedders.gate]]),
      fail,
      'Set embeddings.baseUrl to its address.',
    );
  events.subscribe((event) => {
    if (event.kind === 'outcome' && event.outcome.kind === 'fatal') fail(event.outcome.failure);
  });

  const toolsTold = toolNotices(given);
  const parts = { settings, engine, namespace, model, budget, unsaved, stop: stop.signals, tools, toolsTold };
  const pipeline: StagePipelineOptions = {
    ...stageOptions({
      ...parts,
      endpointOf: (stage) => endpointIn(endpoints, settings, stage),
      onEvent: (event) => events.next(event),
    }),
    gateOf: (tool) => toolGates.of(tool),
    batchSizeOf: (stage) => batchSizeOf(settings, stage),
    stages: wanted,
    pausedOf: (stage) => pauses.of(stage),
  };
  // Before a consumer goes on past what is missing.
  if (!ready.alone && settings.kafka !== undefined)
    opened.defer(watchLosses({ engine, namespace, lane: ready.lane, alarms: ready.alarms }));
  const stages = startPipeline(pipeline, opened);
  for (const stage of stages.values()) stage.done.catch(fail);
  const beside = { ...ready, endpoints, stop: stop.signals, onNotice, fail };
  const onShadowEvent = (event: StageEvent) => {
    logEvent(logger, event);
    onEvent?.(event);
  };
  const shadows = startShadows({ ...beside, onEvent: onShadowEvent }, prepared, opened);
  const watchdogs = startWatchdogs({
    settings,
    alarms: ready.alarms,
    events,
    endpoints: watched,
    stages,
    shadows: () => shadows.stages,
    paused: () => budget.state.kind === 'spent',
    isPaused: (stage) => pauses.isPaused(stage),
    stuckMs,
  });
  opened.defer(() => watchdogs.stop());
  const shown = showWorker(engine.store.workers, identity.id, () =>
    workerStateOf({ stages, shadows, endpoints, meter, alarms: ready.alarms }, identity),
  );

  opened.defer(() => shown.stop());

  const ending = endOf(given, () => [...stages.values(), ...shadows.running.map(({ stage }) => stage)]);
  const going = { logger, stages, shadows, endpoints, events, meter, budget, watchdogs };
  return { ...ready, ...going, pipeline, broken, fail, ...ending };
}

/** What happens, and those who hear of it from the first record on. */
function hearEvents({ onEvent, engine, logger, onNotice, opened }: Ready) {
  const events = new Subject<StageEvent>();
  opened.defer(() => events.complete());
  const meter = new Meter();
  events.subscribe((event) => meter.onEvent(event));
  if (onEvent !== undefined) events.subscribe(onEvent);
  if (engine.traces !== undefined) events.subscribe(engine.traces.onEvent);
  events.subscribe((event) => logEvent(logger, event));
  watchCutPrompts(events, { logger, onNotice });
  return { events, meter };
}

/** What each call has to pass: the gate of its endpoint or tool, and the budget. */
function openGates(ready: Ready, events: Subject<StageEvent>, stages: readonly StageName[]) {
  const { settings, engine, stop, unsaved, logger, opened, sessionTools } = ready;
  const endpoints = endpointsOf(settings, stop.signals.draining);
  opened.defer(() => {
    for (const endpoint of endpoints.values()) endpoint.close();
  });
  const toolGates = new ToolGates(sessionTools.tools, stop.signals.draining);
  opened.defer(() => toolGates.close());
  const { embedders } = engine;
  const embedding = embedders === undefined ? [] : ([[embedders.gate.name, embedders.gate]] as const);
  // Their circuits are told of as those of models are.
  const watched = new Map([...endpoints, ...toolGates.gates, ...embedding]);
  for (const endpoint of watched.values())
    endpoint.events.subscribe((event) => logEndpoint(logger, endpoint.name, event));
  const budget = budgetOf({
    ...ready,
    stages,
    spending: engine.store.spending,
    persist: persistThrough(stop.signals, (failure) =>
      events.next({ kind: 'write-waits', stage: 'budget', failure }),
    ),
  });
  opened.defer(() => budget.close());
  embedders?.within({ budget, unsaved, stop: stop.signals });
  budget.states.subscribe((state) => logBudget(logger, state));
  return { endpoints, toolGates, watched, budget };
}

/** How the session ends, in the time that a stop may take. */
function endOf(
  { settings, stop, unsaved, opened }: Ready,
  working: () => readonly RunningStage[],
): Pick<Session, 'within' | 'close'> {
  const deadline = new StopDeadline(stop, settings.drainMs);
  const end = async () => {
    stop.drain();
    await Promise.allSettled(working().map((stage) => stage.done));
    // First of all: whatever follows may hang on a store that is away.
    unsaved.leaveAll();
    await opened.disposeAsync();
  };
  let ended: Promise<void> | undefined;
  return {
    within: (work) => deadline.within(work),
    close: () => {
      ended ??= deadline.within(end());
      return ended;
    },
  };
}

type Breakage = Readonly<{
  /** Rejects with the first Failure that makes going on pointless; never resolves. */
  broken: Promise<never>;
  fail(failure: unknown): void;
}>;

/** What breaks a session also drains it. */
function breakage(stop: StopController): Breakage {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => stop.drain());
  return { broken: promise, fail: reject };
}
