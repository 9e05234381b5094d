import { BehaviorSubject, distinctUntilChanged, filter, type Observable } from 'rxjs';
import { FlowSamples, STEP_SECONDS } from './flow-samples.ts';
import type { Flow, FlowHistory } from './http/schemas.ts';
import { latestLags } from './lag.ts';
import { type FlowOrigin, readFlow } from './read-flow.ts';

const LOOK_MS = 1_000;
/** Looking may take a tenth of the time: where counting is slow, it is done less often. */
const REST_FACTOR = 10;
/** Each reading of the lag asks the brokers, and none is made while nobody looks. */
const LAG_EVERY_MS = 5_000;

/** Where the routes have their picture of the stream from. */
export type FlowSource = Readonly<{
  /** The stream as it stands. Rejects with a Failure while the store is away. */
  now(): Promise<Flow>;
  /** The newest snapshot, and each that differs from the one before, at most one a second. Never fails. */
  changes: Observable<Flow>;
  history(minutes: number): FlowHistory;
}>;

export type FlowWatch = FlowSource & Readonly<{ stop(): Promise<void> }>;

/**
 * Watches the stream: every second while somebody looks, else as often as the charts want it. One watch is enough for any
 * number of readers.
 */
export function watchFlow(origin: FlowOrigin): FlowWatch {
  const samples = new FlowSamples();
  const lags = latestLags(origin.log, origin.namespace, LAG_EVERY_MS);
  const latest = new BehaviorSubject<Flow | undefined>(undefined);
  let looking: Promise<Flow> | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let tookMs = 0;

  const read = async (watched: boolean): Promise<Flow> => {
    const startMs = performance.now();
    const at = Date.now() / 1_000;
    const lag = watched ? await lags() : undefined;
    const flow = await readFlow(origin, (done) => samples.rates(at, done), lag);
    samples.add(at, flow);
    latest.next(flow);
    lastMs = performance.now();
    tookMs = lastMs - startMs;
    return flow;
  };
  const look = (watched: boolean) => {
    looking ??= read(watched).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = setInterval(() => {
    const everyMs = Math.max(latest.observed ? LOOK_MS : STEP_SECONDS * 1_000, tookMs * REST_FACTOR);
    if (performance.now() >= lastMs + everyMs - LOOK_MS / 2) look(latest.observed).catch(() => undefined);
  }, LOOK_MS);
  timer.unref();
  look(true).catch(() => undefined);
  return {
    now: async () => {
      const known = latest.value;
      return known !== undefined && performance.now() < lastMs + LOOK_MS ? known : look(true);
    },
    changes: changesOf(latest),
    history: (minutes) => samples.history(minutes),
    stop: async () => {
      clearInterval(timer);
      latest.complete();
      await looking?.catch(() => undefined);
    },
  };
}

function changesOf(latest: Observable<Flow | undefined>): Observable<Flow> {
  const known = latest.pipe(filter((flow) => flow !== undefined));
  return known.pipe(distinctUntilChanged((a, b) => withoutTime(a) === withoutTime(b)));
}

function withoutTime({ at: _, ...flow }: Flow): string {
  return JSON.stringify(flow);
}
