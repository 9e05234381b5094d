import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { packageFacts } from '../../../infra/package-facts.ts';
import type { WorkerState } from '../../../stages/store/worker-repository.ts';
import { SHOW_EVERY_MS, type WorkerRepository } from '../../../stages/store/worker-repository.ts';
import type { Alarms } from '../../../streams/alarms.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';
import { inTime } from '../../../streams/in-time.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import { lookEvery } from '../../../streams/look-every.ts';
import type { Shadows } from '../../judges/shadows.ts';
import type { Meter } from '../progress/meter.ts';

export type ShownParts = Readonly<{
  stages: ReadonlyMap<string, RunningStage>;
  shadows: Pick<Shadows, 'stages' | 'meter'>;
  endpoints: ReadonlyMap<string, EndpointGate>;
  meter: Meter;
  alarms: Alarms;
}>;

export type WorkerIdentity = Pick<WorkerState, 'id' | 'version' | 'since'>;

/** Of a process that starts now. */
export function newIdentity(): WorkerIdentity {
  return { id: randomUUID(), version: packageFacts().version, since: new Date().toISOString() };
}

/** What a process shows before anybody is at work in it. */
export function startingState(identity: WorkerIdentity): WorkerState {
  return { ...identity, host: hostname(), pid: process.pid, stages: [], endpoints: [], alarms: [] };
}

const LONGEST_TEXT = 2_000;

/** What a process shows of itself now. */
export function workerStateOf(
  { stages, shadows, endpoints, meter, alarms }: ShownParts,
  identity: WorkerIdentity,
): WorkerState {
  const metered = new Map([...meter.reading.stages, ...shadows.meter.reading.stages]);
  return {
    ...identity,
    host: hostname(),
    pid: process.pid,
    stages: [...stages, ...shadows.stages].map(([stage, { partitions, unsettled }]) => ({
      stage,
      partitions: partitions(),
      inHand: unsettled(),
      inFlight: metered.get(stage)?.inFlight ?? 0,
      durations: metered.get(stage)?.durations,
    })),
    endpoints: [...endpoints.values()].map(({ state }) => {
      const { endpoint, circuit, limit, ceiling, inFlight } = state;
      const cause = circuit.kind === 'closed' ? {} : { cause: circuit.cause.message.slice(0, LONGEST_TEXT) };
      return { endpoint, circuit: circuit.kind, ...cause, limit, ceiling, inFlight };
    }),
    alarms: alarms.open.map((alarm) => ({ ...alarm, text: alarm.text.slice(0, LONGEST_TEXT) })),
  };
}

const GOODBYE_MS = 2_000;

export type ShownWorker = Readonly<{ stop(): Promise<void> }>;

/**
 * Shows a process among the workers, now and every few seconds, until stopped. A store that is away is tried again at the next
 * turn; nothing waits for it.
 */
export function showWorker(workers: WorkerRepository, id: string, state: () => WorkerState): ShownWorker {
  const showing = lookEvery(SHOW_EVERY_MS, () => workers.show(state()));
  showing.now();
  const goodbye = async () => {
    await showing.stop();
    await workers.remove(id).catch(() => undefined);
  };
  return { stop: () => inTime(goodbye(), GOODBYE_MS, () => undefined) };
}
