import type { IndexPlace } from '../../infra/documents/index/index-place.ts';
import { indexedIn } from '../../infra/documents/index/of-settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import type { GaugeReading } from '../../infra/metrics/catalogue.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { NO_TALLY, type StageTally } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { cached } from '../flow/cached.ts';
import { readLags } from '../flow/lag.ts';
import { gaugeReading } from './process-gauges.ts';

const LAG_EVERY_MS = 5_000;
/** Counting a million works takes the database a second. */
const COUNTS_EVERY_MS = 30_000;

/** Sources of what stands in log and store. Both may be asked as often as anybody likes. */
export function storedGauges(
  { log, store }: Engine,
  { namespace, lane, place }: Readonly<{ namespace: string; lane: LaneName; place: IndexPlace }>,
) {
  return [
    cached(() => lagReadings(log, namespace), LAG_EVERY_MS),
    cached(() => laneReadings(store, lane), COUNTS_EVERY_MS),
    cached(() => chunkReadings(place), COUNTS_EVERY_MS),
  ];
}

async function lagReadings(log: Engine['log'], namespace: string): Promise<readonly GaugeReading[]> {
  const lags = await readLags(log, namespace);
  return [...lags].map(([stage, lag]) => gaugeReading('millrace_lag_records', lag, { stage }));
}

async function chunkReadings(place: IndexPlace): Promise<readonly GaugeReading[]> {
  const { chunks } = await indexedIn(place);
  return [gaugeReading('millrace_chunks', chunks, {})];
}

async function laneReadings(store: Engine['store'], lane: LaneName): Promise<readonly GaugeReading[]> {
  const { questions, stages } = await store.reports.progress(lane);
  return [
    ...Object.entries(questions).map(([status, n]) =>
      gaugeReading('millrace_questions', n, { lane, status }),
    ),
    ...agentStages().flatMap((stage) => agentReadings(stages[stage] ?? NO_TALLY, { lane, stage })),
  ];
}

function agentReadings(
  { failedAttempts, usage, costUsd }: StageTally,
  labels: Readonly<{ lane: LaneName; stage: string }>,
): readonly GaugeReading[] {
  return [
    gaugeReading('millrace_lane_calls_failed', failedAttempts, labels),
    gaugeReading('millrace_lane_cost_usd', costUsd, labels),
    ...(['input', 'output', 'cached', 'reasoning'] as const).map((kind) =>
      gaugeReading('millrace_lane_tokens', usage[kind], { ...labels, kind }),
    ),
  ];
}
