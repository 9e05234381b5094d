import type { IndexPlace } from '../../infra/documents/index/of-settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import type { Route } from '../../infra/http/route.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { storedGauges } from './stored-gauges.ts';

/** `/metrics` of a process that works nothing itself: what stands in log and store. */
export async function storedMetricsRoute(
  engine: Engine,
  namespace: string,
  place: IndexPlace,
): Promise<Route> {
  const [{ metricsRoute }, { Metrics }] = await Promise.all([
    import('./http/metrics-route.ts'),
    import('../../infra/metrics/metrics.ts'),
  ]);
  const metrics = new Metrics();
  for (const source of storedGauges(engine, { namespace, lane: MAIN_LANE, place })) metrics.readFrom(source);
  return metricsRoute(metrics);
}
