import { vi } from 'vitest';
import { logNormal, seededRandom } from '../../src/infra/llm/random.ts';
import { callWithRetry } from '../../src/streams/call.ts';
import { EndpointGate } from '../../src/streams/endpoint-gate.ts';
import { Failure } from '../../src/streams/failure.ts';
import { retryPolicy } from '../../src/streams/retry-policy.ts';
import type { AttemptContext } from '../../src/streams/stage.ts';
import { NO_TOKENS } from '../../src/streams/token-estimate.ts';
import { RequestWindow } from './request-window.ts';
import { testStop } from './stop-signals.ts';
import { attemptResult } from './work.ts';

export type SimulatedProcess = Readonly<{ joinsMs?: number; leavesMs?: number; batchSize?: number }>;

export type Simulation = Readonly<{
  seed: number;
  processes: readonly SimulatedProcess[];
  durationMs: number;
  /** Requests that the server takes in any 60 s. */
  limit: number;
  /** Whether the server says what is left, and when to come again. */
  headers: boolean;
  /** How long a refusal takes to come back. Default 20. */
  refusalMs?: number;
  /** Mean of log-normal latencies, by stage. */
  latencyMs: readonly [number, number, number];
}>;

/** What the server counted, by process and minute. */
export type Tally = Readonly<{ accepted: number[][]; refused: number[][] }>;

const STAGES = ['research', 'generation', 'review'];
const WINDOW_MS = 60_000;

/** Many processes at one server, each with three stages that never run out of work. In virtual time. */
export async function simulate(simulation: Simulation): Promise<Tally> {
  const random = seededRandom(simulation.seed);
  const window = new RequestWindow(simulation.limit, WINDOW_MS);
  const minutes = Math.ceil(simulation.durationMs / WINDOW_MS);
  const counts = () => simulation.processes.map(() => new Array<number>(minutes).fill(0));
  const tally = { accepted: counts(), refused: counts() };
  const startMs = performance.now();
  const stops = simulation.processes.map(() => testStop());

  const attempt = async (process: number, stage: number, { onRates }: AttemptContext) => {
    const nowMs = performance.now();
    const { admitted, limit, remaining, resetMs, retryMs } = window.ask(nowMs);
    const row = (admitted ? tally.accepted : tally.refused)[process] ?? [];
    const minute = Math.floor((nowMs - startMs) / WINDOW_MS);
    row[minute] = (row[minute] ?? 0) + 1;
    const latencyMs = logNormal(simulation.latencyMs[stage] ?? 0, 0.3, random);
    await new Promise(
      (resolve) => void setTimeout(resolve, admitted ? latencyMs : (simulation.refusalMs ?? 20)),
    );
    if (simulation.headers) onRates?.({ requests: { limit, remaining, resetMs } });
    if (admitted) return attemptResult('answer');
    const facts = simulation.headers ? { retryAfterMs: Math.ceil(retryMs / 1_000) * 1_000 } : {};
    throw new Failure('transient', 'rate_limited', 'Too many.', { pressure: 'rate-limit', ...facts });
  };

  const run = (process: number) => {
    const stop = stops[process] ?? testStop();
    const endpoint = new EndpointGate({ name: 'model', stop: stop.signals.draining, random });
    STAGES.forEach((name, stage) => {
      const batchSize = simulation.processes[process]?.batchSize ?? 10;
      const gate = endpoint.stage(name, batchSize);
      const loop = async () => {
        while (!stop.signals.draining.aborted)
          await callWithRetry({
            gate,
            estimate: () => NO_TOKENS,
            policy: retryPolicy({ random }),
            stop: stop.signals,
            attempt: (context) => attempt(process, stage, context),
            onFailedAttempt: async () => undefined,
          }).catch(() => undefined);
      };
      for (let caller = 0; caller < 2 * batchSize; caller += 1) void loop();
    });
  };

  simulation.processes.forEach(({ joinsMs = 0, leavesMs }, process) => {
    setTimeout(() => run(process), joinsMs + 300 * random());
    if (leavesMs !== undefined) setTimeout(() => stops[process]?.abort(), leavesMs);
  });
  await vi.advanceTimersByTimeAsync(simulation.durationMs);
  for (const stop of stops) stop.abort();
  await vi.advanceTimersByTimeAsync(WINDOW_MS);
  return tally;
}
