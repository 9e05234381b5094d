import type { GaugeName, GaugeReading } from '../../infra/metrics/catalogue.ts';
import { ALARM_KINDS } from '../../streams/alarms.ts';
import type { EndpointState } from '../../streams/limits/endpoint-state.ts';
import type { Session } from '../run/session/session.ts';
import { reasonsNotReady } from './readiness.ts';

const CIRCUIT = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What the process of a session does now. */
export function processGauges(session: Session): readonly GaugeReading[] {
  const { stages, endpoints, alarms, watchdogs, unsaved } = session;
  const open = Map.groupBy(alarms.open, ({ kind }) => kind);
  const free = watchdogs.freeDiskBytes();
  return [
    reading('millrace_ready', reasonsNotReady(session).length === 0 ? 1 : 0),
    reading('millrace_unsaved_writes', unsaved.waiting),
    reading('millrace_event_loop_lag_seconds', watchdogs.eventLoopLagMs() / 1_000),
    ...(free === undefined ? [] : [reading('millrace_disk_free_bytes', free)]),
    ...ALARM_KINDS.map((kind) => reading('millrace_alarms', open.get(kind)?.length ?? 0, { kind })),
    ...[...stages.keys()].flatMap((stage) => stageReadings(session, stage)),
    ...[...endpoints.values()].flatMap(({ state }) => endpointReadings(state)),
    ...memoryReadings(),
  ];
}

function stageReadings({ stages, meter }: Session, stage: Parameters<Session['stages']['get']>[0]) {
  const running = stages.get(stage);
  if (running === undefined) return [];
  return [
    reading('millrace_partitions', running.partitions(), { stage }),
    reading('millrace_calls_in_flight', meter.reading.stages.get(stage)?.inFlight ?? 0, { stage }),
    reading('millrace_records_in_hand', running.unsettled(), { stage }),
    reading('millrace_credits', running.credits, { stage }),
    reading('millrace_leases_held', running.leases(), { stage }),
  ];
}

function endpointReadings({ endpoint, circuit, limit, ceiling, pausedMs }: EndpointState) {
  if (ceiling === 0) return [];
  return [
    reading('millrace_circuit_state', CIRCUIT[circuit.kind], { endpoint }),
    reading('millrace_concurrency_limit', limit, { endpoint }),
    reading('millrace_concurrency_ceiling', ceiling, { endpoint }),
    reading('millrace_endpoint_paused_seconds', pausedMs / 1_000, { endpoint }),
  ];
}

function memoryReadings(): readonly GaugeReading[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  return Object.entries({ resident: rss, heap: heapUsed, external }).map(([area, bytes]) =>
    reading('millrace_memory_bytes', bytes, { area }),
  );
}

export function reading(
  name: GaugeName,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): GaugeReading {
  return { name, labels, value };
}
