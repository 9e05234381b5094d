import { BehaviorSubject, distinctUntilChanged, filter, type Observable } from 'rxjs';
import type { FlowSource } from '../../infra/http/flow/flow-source.ts';
import type { Flow } from '../../infra/http/flow/schemas.ts';
import { FlowSamples, STEP_SECONDS } from './flow-samples.ts';
import { type FlowOrigin, readFlow } from './read-flow.ts';

const LOOK_MS = 1_000;
/** Looking may take a tenth of the time: where counting is slow, it is done less often. */
const REST_FACTOR = 10;

export type FlowWatch = FlowSource & Readonly<{ stop(): Promise<void> }>;

/**
 * Watches the stream: every second while somebody looks, else as often as the charts want it. One watch is enough for any
 * number of readers.
 */
export function watchFlow(origin: FlowOrigin): FlowWatch {
  const samples = new FlowSamples();
  const latest = new BehaviorSubject<Flow | undefined>(undefined);
  let looking: Promise<Flow> | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let tookMs = 0;

  const read = async (): Promise<Flow> => {
    const startMs = performance.now();
    const at = Date.now() / 1_000;
    const flow = await readFlow(origin, (done) => samples.rates(at, done));
    samples.add(at, flow);
    latest.next(flow);
    lastMs = performance.now();
    tookMs = lastMs - startMs;
    return flow;
  };
  const look = () => {
    looking ??= read().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = setInterval(() => {
    const everyMs = Math.max(latest.observed ? LOOK_MS : STEP_SECONDS * 1_000, tookMs * REST_FACTOR);
    if (performance.now() >= lastMs + everyMs - LOOK_MS / 2) look().catch(() => undefined);
  }, LOOK_MS);
  timer.unref();
  look().catch(() => undefined);
  return {
    now: async () => {
      const known = latest.value;
      return known !== undefined && performance.now() < lastMs + LOOK_MS ? known : look();
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
