import type { Engine } from '../../infra/engine.ts';
import type { Route } from '../../infra/http/route.ts';
import { storedGauges } from '../../runs/stored-gauges.ts';
import { MAIN_LANE } from '../../stages/lane.ts';

/** `/metrics` of a process that works nothing itself: what stands in log and store. */
export async function storedMetricsRoute(engine: Engine, namespace: string): Promise<Route> {
  const [{ metricsRoute }, { Metrics }] = await Promise.all([
    import('../../infra/http/routes/metrics.ts'),
    import('../../infra/metrics/metrics.ts'),
  ]);
  const metrics = new Metrics();
  for (const source of storedGauges(engine, namespace, MAIN_LANE)) metrics.readFrom(source);
  return metricsRoute(metrics);
}
