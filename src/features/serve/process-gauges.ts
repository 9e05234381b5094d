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
    gaugeReading('millrace_ready', reasonsNotReady(session).length === 0 ? 1 : 0),
    gaugeReading('millrace_unsaved_writes', unsaved.waiting),
    gaugeReading('millrace_event_loop_lag_seconds', watchdogs.eventLoopLagMs() / 1_000),
    ...(free === undefined ? [] : [gaugeReading('millrace_disk_free_bytes', free)]),
    ...ALARM_KINDS.map((kind) => gaugeReading('millrace_alarms', open.get(kind)?.length ?? 0, { kind })),
    ...[...stages.keys()].flatMap((stage) => stageReadings(session, stage)),
    ...[...endpoints.values()].flatMap(({ state }) => endpointReadings(state)),
    ...memoryReadings(),
  ];
}

function stageReadings({ stages, meter }: Session, stage: Parameters<Session['stages']['get']>[0]) {
  const running = stages.get(stage);
  if (running === undefined) return [];
  return [
    gaugeReading('millrace_partitions', running.partitions(), { stage }),
    gaugeReading('millrace_calls_in_flight', meter.reading.stages.get(stage)?.inFlight ?? 0, { stage }),
    gaugeReading('millrace_records_in_hand', running.unsettled(), { stage }),
    gaugeReading('millrace_credits', running.credits, { stage }),
    gaugeReading('millrace_leases_held', running.leases(), { stage }),
  ];
}

function endpointReadings({ endpoint, circuit, limit, ceiling, pausedMs }: EndpointState) {
  if (ceiling === 0) return [];
  return [
    gaugeReading('millrace_circuit_state', CIRCUIT[circuit.kind], { endpoint }),
    gaugeReading('millrace_concurrency_limit', limit, { endpoint }),
    gaugeReading('millrace_concurrency_ceiling', ceiling, { endpoint }),
    gaugeReading('millrace_endpoint_paused_seconds', pausedMs / 1_000, { endpoint }),
  ];
}

function memoryReadings(): readonly GaugeReading[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  return Object.entries({ resident: rss, heap: heapUsed, external }).map(([area, bytes]) =>
    gaugeReading('millrace_memory_bytes', bytes, { area }),
  );
}

export function gaugeReading(
  name: GaugeName,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): GaugeReading {
  return { name, labels, value };
}
