import { join } from 'node:path';
import type { DestinationStream, Logger } from 'pino';
import { Subject } from 'rxjs';
import { batchSizesOf } from '../infra/config/batch-sizes.ts';
import { isSimulated, modelOf } from '../infra/config/model-settings.ts';
import { recipesOf } from '../infra/config/recipes.ts';
import type { Settings } from '../infra/config/settings.ts';
import { withFirstShadow } from '../infra/config/shadow-reviewer.ts';
import type { Engine } from '../infra/engine.ts';
import { openLogFile } from '../infra/log-file.ts';
import { openEngine } from '../infra/open-engine.ts';
import { type PipelineOptions, pipelineTopics, type RunningStages, startPipeline } from '../pipeline.ts';
import type { ChatModel } from '../stages/chat-model.ts';
import type { Lane } from '../stages/lane.ts';
import { type AgentStage, STAGE_NAMES, type StageName } from '../stages/stage-names.ts';
import { Alarms } from '../streams/alarms.ts';
import type { Budget } from '../streams/budget.ts';
import type { EndpointGate } from '../streams/endpoint-gate.ts';
import { persistThrough } from '../streams/persist.ts';
import type { StageEvent } from '../streams/stage-events.ts';
import type { UnsavedWrites } from '../streams/unsaved-writes.ts';
import { breakage } from './breakage.ts';
import { logAlarm, logBudget, logEndpoint, logEvent, noticeOf } from './event-log.ts';
import { openJournal } from './journal/open-journal.ts';
import { Meter } from './meter.ts';
import { budgetOf } from './run-budget.ts';
import { type Differing, laneForRun, type OldResults } from './run-lane.ts';
import { endpointIn, endpointsOf, watchCircuits } from './session-endpoints.ts';
import { prepareShadows, type Shadows, startShadows } from './shadows/shadows.ts';
import type { PreparedShadow } from './shadows/start-shadow.ts';
import { showWorker } from './show-worker.ts';
import { stageOptions } from './stage-options.ts';
import { StopController } from './stop-controller.ts';
import { tellOfPauses, type WatchedPauses, watchPauses } from './watch-pauses.ts';
import { startWatchdogs, type Watchdogs } from './watchdogs/start-watchdogs.ts';
import { newIdentity, type WorkerIdentity, workerStateOf } from './worker-state.ts';

export type SessionOptions = Readonly<{
  settings: Settings;
  /** Plays the agents instead of the model that the settings name. */
  model?: ChatModel | undefined;
  redo?: AgentStage | undefined;
  /** Gives the lane of all workers the recipes of these settings. Default: where several may work it, it keeps its own. */
  newRecipe?: boolean | undefined;
  /** Opens the lane of the session. Default: the lane of a run, by today's recipes. */
  openLane?: ((engine: Engine, namespace: string) => Promise<Lane>) | undefined;
  /** Which stages work in this process. Default: all. */
  stages?: readonly StageName[] | undefined;
  /** Whether the shadow judges of the settings work beside the stages. Default: no. */
  shadows?: boolean | undefined;
  /** Hears what a person should know: what is waited for, what is the matter, and that it is over. */
  onNotice?: ((text: string) => void) | undefined;
  /** Where the lines of the log go, beside its file. */
  logTo?: DestinationStream | undefined;
  /** How long a record in hand may stand still before it is told. Default 120,000. */
  stuckMs?: number | undefined;
  /** Hears of everything from the first record on. */
  onEvent?: ((event: StageEvent) => void) | undefined;
}>;

/** The engine open, the lane ready, the five stages at work. */
export type Session = Readonly<{
  settings: Settings;
  namespace: string;
  simulated: boolean;
  model: ChatModel;
  engine: Engine;
  lane: Lane;
  /** Results in this lane that were made by older recipes. */
  old: OldResults;
  /** Where these settings would make another recipe than the lane had: whose counts. */
  differing: Differing | undefined;
  stages: RunningStages;
  shadows: Shadows;
  /** What the agents call, by name: circuit, limits, and who waits. */
  endpoints: ReadonlyMap<string, EndpointGate>;
  events: Subject<StageEvent>;
  meter: Meter;
  alarms: Alarms;
  watchdogs: Watchdogs;
  unsaved: UnsavedWrites;
  budget: Budget;
  stop: StopController;
  pipeline: PipelineOptions;
  /** Rejects with the Failure that makes going on pointless; never resolves. */
  broken: Promise<never>;
  /** Breaks the session: it drains, and `broken` rejects. */
  fail(failure: unknown): void;
  /** Drains the stages and closes the engine. Calls in flight finish first, unless the stop is aborted. The same promise each time. */
  close(): Promise<void>;
}>;

/** A simulated model works in a namespace of its own: nothing simulated can stand in for a paid answer. */
export function namespaceOf(settings: Settings, simulated: boolean): string {
  return simulated ? `${settings.namespace}-simulated` : settings.namespace;
}

/**
 * Opens the engine and starts the stages. Throws Failures of kind `fatal` that say what to do: a data directory in use,
 * a bad prompt, a bad setting. A start that fails leaves nothing open and nobody at work.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const opened = new AsyncDisposableStack();
  const stop = new StopController();
  try {
    return await open(options, stop, opened);
  } catch (error) {
    stop.drain();
    // People have to hear what stopped the start, whatever comes of its end.
    await opened.disposeAsync().catch(() => undefined);
    throw error;
  }
}

async function open(
  {
    settings,
    model: given,
    redo,
    newRecipe = false,
    openLane,
    stages,
    shadows = false,
    onNotice = () => undefined,
    onEvent,
    stuckMs,
    logTo,
  }: SessionOptions,
  stop: StopController,
  opened: AsyncDisposableStack,
): Promise<Session> {
  const alone = stages?.length === 0;
  const model = given ?? (await modelOf(alone && shadows ? withFirstShadow(settings) : settings));
  const simulated = given?.simulated ?? isSimulated(settings);
  const recipes = await recipesOf(settings);
  const namespace = namespaceOf(settings, simulated);
  const log = openLogFile(join(settings.data, `${namespace}.log`), logTo);
  opened.defer(() => log.close());
  const { logger } = log;
  const alarms = new Alarms();
  alarms.changes.subscribe((change) => {
    logAlarm(logger, change);
    // Displays show the circuits themselves.
    if (change.alarm.kind !== 'circuit_open') onNotice(noticeOf(change));
  });
  const engine = await openEngine({ settings, namespace, mode: 'consume', logger, alarms, onNotice });
  opened.defer(() => engine.close());
  await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
  const beside = { settings, namespace, simulated, onNotice, alone };
  const shared = settings.mongo !== undefined;
  const asked = { recipes, simulated, redo, worked: !alone, shared, newRecipe };
  const { lane, old, differing } =
    openLane === undefined
      ? await laneForRun(engine.store, asked)
      : { lane: await openLane(engine, namespace), old: new Map(), differing: undefined };
  const prepared = shadows ? await prepareShadows({ ...beside, engine, model: given }, lane) : [];
  const identity = newIdentity();
  const { store } = engine;
  const { id } = identity;
  const kept = { settings, namespace, model, alarms, onNotice, store, stop: stop.signals, logger, id };
  const journal = await openJournal(kept);
  opened.defer(() => journal.close());
  const pauses = await watchPauses(store.pauses);
  opened.defer(() => pauses.stop());
  for (const stage of stages ?? STAGE_NAMES) pauses.of(stage).subscribe(tellOfPauses(stage, onNotice));
  const ready = {
    settings,
    namespace,
    simulated,
    model,
    engine,
    lane,
    old,
    differing,
    alarms,
    stop,
    identity,
    unsaved: journal.unsaved,
    pauses,
    onEvent,
    stuckMs,
    onNotice,
    prepared,
    alone,
    logger,
    opened,
  };
  return start(ready, stages);
}

type Ready = Pick<
  Session,
  | 'settings'
  | 'namespace'
  | 'simulated'
  | 'model'
  | 'engine'
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

function start(
  { onEvent, stuckMs, prepared, onNotice, identity, logger, opened, ...ready }: Ready,
  wanted: readonly StageName[] | undefined,
): Session {
  const { settings, namespace, model, engine, stop, unsaved, pauses } = ready;
  const events = new Subject<StageEvent>();
  opened.defer(() => events.complete());
  const meter = new Meter();
  events.subscribe((event) => meter.onEvent(event));
  if (onEvent !== undefined) events.subscribe(onEvent);
  if (engine.traces !== undefined) events.subscribe(engine.traces.onEvent);
  const endpoints = endpointsOf(settings, stop.signals.draining);
  opened.defer(() => {
    for (const endpoint of endpoints.values()) endpoint.close();
  });
  logger.info({ lane: ready.lane.name, model: model.address, simulated: ready.simulated }, 'session started');
  events.subscribe((event) => logEvent(logger, event));
  for (const endpoint of endpoints.values())
    endpoint.events.subscribe((event) => logEndpoint(logger, endpoint.name, event));
  const budget = budgetOf({
    ...ready,
    stages: wanted ?? STAGE_NAMES,
    book: engine.store.spending,
    persist: persistThrough(stop.signals, (failure) =>
      events.next({ kind: 'write-waits', stage: 'budget', failure }),
    ),
  });
  opened.defer(() => budget.close());
  budget.states.subscribe((state) => logBudget(logger, state));
  const { broken, fail } = breakage(stop);
  watchCircuits(endpoints, fail);
  events.subscribe((event) => {
    if (event.kind === 'outcome' && event.outcome.kind === 'fatal') fail(event.outcome.failure);
  });

  const parts = { settings, engine, namespace, model, budget, unsaved, stop: stop.signals };
  const pipeline: PipelineOptions = {
    ...stageOptions({
      ...parts,
      endpointOf: (stage) => endpointIn(endpoints, settings, stage),
      onEvent: (event) => events.next(event),
    }),
    batchSizes: batchSizesOf(settings),
    stages: wanted,
    pausedOf: (stage) => pauses.of(stage),
  };
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
    endpoints,
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

  const end = async () => {
    stop.drain();
    const works = [...stages.values(), ...shadows.running.map(({ stage }) => stage)];
    await Promise.allSettled(works.map((stage) => stage.done));
    // First of all: whatever follows may hang on a store that is away.
    unsaved.leaveAll();
    await opened.disposeAsync();
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };
  const going = { stages, shadows, endpoints, events, meter, budget, watchdogs };
  return { ...ready, ...going, stop, pipeline, broken, fail, close };
}
