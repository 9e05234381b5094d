import type { Observable } from 'rxjs';
import type { Settings } from '../../../infra/config/settings.ts';
import { agentNamed } from '../../../stages/stage-names.ts';
import type { AlarmSink, Alarms } from '../../../streams/alarms.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import { callWatch } from './call-watch.ts';
import { diskWatch } from './disk-watch.ts';
import { eventLoopWatch, TICK_MS } from './event-loop-watch.ts';
import { newerRecordWatch } from './newer-record-watch.ts';
import { recordWatch } from './record-watch.ts';
import { type StageLoad, stageWatch } from './stage-watch.ts';
import { writeWatch } from './write-watch.ts';

const MIB = 1_024 * 1_024;

export type Watched = Readonly<{
  settings: Settings;
  alarms: Alarms;
  events: Observable<StageEvent>;
  endpoints: ReadonlyMap<string, EndpointGate>;
  stages: ReadonlyMap<string, RunningStage>;
  /** Those of shadow judges. */
  shadows?: (() => ReadonlyMap<string, RunningStage>) | undefined;
  /** Whether no call may start now, by order: no stage is to blame then. */
  paused(): boolean;
  /** Whether a person paused the stage. */
  isPaused?: ((stage: string) => boolean) | undefined;
  /** How long a record in hand may stand still. */
  stuckMs?: number | undefined;
}>;

export type Watchdogs = Readonly<{
  /** By how much the event loop came late last, in milliseconds. */
  eventLoopLagMs(): number;
  /** Free bytes on the disk of the data directory; `undefined` where the engine keeps nothing there. */
  freeDiskBytes(): number | undefined;
  stop(): void;
}>;

/**
 * Looks after a process, once a second, until stopped. Alarms that are open then stay as they are. No watch throws, and each is told the
 * monotonic time.
 */
export function startWatchdogs(watched: Watched): Watchdogs {
  const { settings, alarms, events, endpoints } = watched;
  const now = () => performance.now();
  const timeoutMsOf = (stage: string) => {
    const agent = agentNamed(stage);
    return (agent === undefined ? undefined : settings.agents[agent]?.timeoutMs) ?? settings.timeoutMs;
  };
  const calls = callWatch({ alarms, timeoutMsOf, now });
  const lives = stageWatch({ alarms, timeoutMsOf, now, loads: () => loadsOf(watched) });
  const records = recordWatch({ alarms, now, stuckMs: watched.stuckMs, oldest: () => oldestOf(watched) });
  const newer = newerRecordWatch(alarms, () => [...watched.stages, ...(watched.shadows?.() ?? [])]);
  const writes = writeWatch(alarms, now);
  const loop = eventLoopWatch(alarms);
  const disk = diskWatchOf(settings, alarms);
  watchEndpoints(endpoints.values(), alarms);
  const heard = events.subscribe((event) => {
    for (const watch of [calls, lives, records, writes]) watch.onEvent(event);
  });
  const timer = setInterval(() => {
    const nowMs = now();
    for (const watch of [loop, calls, lives, records, newer, writes]) watch.look(nowMs);
    disk?.look(nowMs);
  }, TICK_MS);
  timer.unref();
  return {
    eventLoopLagMs: () => loop.lagMs,
    freeDiskBytes: () => disk?.freeBytes,
    stop: () => {
      clearInterval(timer);
      heard.unsubscribe();
    },
  };
}

/** Only the embedded engine keeps what matters in the data directory. */
function diskWatchOf({ kafka, mongo, data, leastFreeDiskMb }: Settings, alarms: Alarms) {
  if (kafka !== undefined && mongo !== undefined) return undefined;
  return diskWatch({ alarms, directory: data, leastFreeBytes: leastFreeDiskMb * MIB });
}

function oldestOf({ stages }: Watched) {
  return [...stages].map(([stage, { oldest }]) => [stage, oldest()] as const);
}

function loadsOf({ stages, endpoints, paused, isPaused = () => false }: Watched): readonly StageLoad[] {
  const all = paused();
  const heldBack = new Set(
    [...endpoints.values()]
      .map(({ state }) => state)
      .filter(({ circuit, pausedMs }) => circuit.kind !== 'closed' || pausedMs > 0)
      .flatMap((state) => state.stages.map(({ stage }) => stage)),
  );
  return [...stages].map(([stage, { unsettled, left }]) => {
    return {
      stage,
      waiting: unsettled() - left().length,
      heldBack: all || heldBack.has(stage) || isPaused(stage),
    };
  });
}

/** Shows each endpoint that does not answer, until it does. */
function watchEndpoints(endpoints: Iterable<EndpointGate>, alarms: AlarmSink): void {
  for (const { name, circuit } of endpoints)
    circuit.states.subscribe((state) => {
      if (state.kind === 'closed') alarms.clear('circuit_open', name);
      if (state.kind === 'open') alarms.raise('circuit_open', name, textOf(name, state.cause.message));
    });
}

function textOf(name: string, cause: string): string {
  return `${cause} Calls to ${name} wait until it answers, and no attempt is counted; nothing is lost.`;
}
