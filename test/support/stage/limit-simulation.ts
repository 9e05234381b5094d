import { vi } from 'vitest';
import { logNormal, type Random, seededRandom } from '../../../src/infra/models/random.ts';
import type { AttemptContext } from '../../../src/streams/delivery/stage.ts';
import { EndpointGate } from '../../../src/streams/limits/endpoint-gate.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import type { SimulatedServer } from '../fakes/simulated-server.ts';
import { gatedCall } from './gated-call.ts';
import { testStop } from './stop-signals.ts';
import { attemptResult } from './work.ts';

type SimulatedProcess = Readonly<{ joinsMs?: number; leavesMs?: number; batchSize?: number }>;

export type Simulation = Readonly<{
  seed: number;
  processes: readonly SimulatedProcess[];
  durationMs: number;
  server: (random: Random, startMs: number) => SimulatedServer;
  /** Mean of log-normal latencies, by stage. */
  latencyMs: readonly [number, number, number];
}>;

/** What the server counted, by process and minute, and how many works ended without a result. */
export type Tally = Readonly<{ accepted: number[][]; refused: number[][]; died: number }>;

const STAGES = ['research', 'generation', 'review'];
const MINUTE_MS = 60_000;

/** Many processes at one server, each with three stages that never run out of work. In virtual time. */
export async function simulate(simulation: Simulation): Promise<Tally> {
  const random = seededRandom(simulation.seed);
  const minutes = Math.ceil(simulation.durationMs / MINUTE_MS);
  const counts = () => simulation.processes.map(() => new Array<number>(minutes).fill(0));
  const tally = { accepted: counts(), refused: counts(), died: 0 };
  const startMs = performance.now();
  const server = simulation.server(random, startMs);
  const stops = simulation.processes.map(() => testStop());
  let inFlight = 0;

  const attempt = async (process: number, stage: number, { onRates }: Pick<AttemptContext, 'onRates'>) => {
    const nowMs = performance.now();
    const latencyMs = logNormal(simulation.latencyMs[stage] ?? 0, 0.3, random);
    const { afterMs, failure, rates } = server({ nowMs, inFlight, latencyMs });
    const row = (failure === undefined ? tally.accepted : tally.refused)[process] ?? [];
    const count = (atMs: number) => {
      const minute = Math.floor((atMs - startMs) / MINUTE_MS);
      // What comes after the end is not counted.
      if (minute < minutes) row[minute] = (row[minute] ?? 0) + 1;
    };
    count(nowMs);
    inFlight += 1;
    await new Promise((resolve) => void setTimeout(resolve, afterMs));
    inFlight -= 1;
    if (rates !== undefined) onRates?.(rates);
    if (failure !== undefined) throw failure;
    return attemptResult('answer');
  };

  const run = (process: number) => {
    const stop = stops[process] ?? testStop();
    const endpoint = new EndpointGate({ name: 'model', stop: stop.signals.draining, random });
    STAGES.forEach((name, stage) => {
      const batchSize = simulation.processes[process]?.batchSize ?? 10;
      const gate = endpoint.stage(name, batchSize);
      const loop = async () => {
        while (!stop.signals.draining.aborted)
          await gatedCall({
            gate,
            policy: retryPolicy({ random }),
            stop: stop.signals.draining,
            attempt: (context) => attempt(process, stage, context),
          }).catch(() => {
            if (!stop.signals.draining.aborted) tally.died += 1;
          });
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
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  return tally;
}
