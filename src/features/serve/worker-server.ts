import { TimedFinder } from '../../infra/documents/index/timed-finder.ts';
import type { HttpServer } from '../../infra/http/server.ts';
import type { Metrics } from '../../infra/metrics/metrics.ts';
import { packageFacts } from '../../infra/package-facts.ts';
import { strangersIn } from '../run/session/event-log.ts';
import type { Session } from '../run/session/session.ts';
import { admittanceText } from './page-link.ts';
import { processGauges } from './process-gauges.ts';
import { reasonsNotReady } from './readiness.ts';
import { storedGauges } from './stored-gauges.ts';

export type WorkerServerOptions = Readonly<{
  port: number;
  host: string;
  metrics: Metrics;
  /** Whether a token is wanted on loopback. Default: yes. */
  wantsToken?: boolean;
  note(text: string): void;
}>;

/** Metrics that hear of every event, so they have to be there before the session. */
export async function newMetrics(): Promise<Metrics> {
  const { Metrics } = await import('../../infra/metrics/metrics.ts');
  return new Metrics();
}

/**
 * Answers `/livez`, `/readyz` and `/metrics` for a session. Metrics tell what was spent, so they need a token; off loopback,
 * where none is made, only the probes are answered without one.
 */
export async function startWorkerServer(session: Session, options: WorkerServerOptions): Promise<HttpServer> {
  const [{ startHttpServer }, { healthRoutes }, { metricsRoute }, { admittanceOf }, { isLoopback }] =
    await Promise.all([
      import('../../infra/http/server.ts'),
      import('./http/health-routes.ts'),
      import('./http/metrics-route.ts'),
      import('../../infra/http/http-token.ts'),
      import('../../infra/http/loopback.ts'),
    ]);
  const { port, host, metrics, wantsToken = true, note } = options;
  const { engine, namespace, lane, settings } = session;
  metrics.readFrom(async () => processGauges(session));
  if (engine.finder instanceof TimedFinder) engine.finder.onSearched = (seconds) => metrics.searched(seconds);
  session.sessionTools.meter.onLookedUp = (lookedUp) => metrics.lookedUp(lookedUp);
  for (const source of storedGauges(engine, { namespace, lane: lane.name, place: settings }))
    metrics.readFrom(source);
  const admittance = await admittanceOf(settings, host, wantsToken);
  const probes = healthRoutes(() => reasonsNotReady(session));
  const told = admittance.token !== undefined || isLoopback(host);
  if (!told) note('No /metrics: off loopback they need a token (MILLRACE_HTTP_TOKEN or httpTokenFile).');
  const routes = told ? [...probes, metricsRoute(metrics)] : probes;
  if (told) for (const text of admittanceText(admittance, settings.data)) note(text);
  const guarded = { ...admittance, ...strangersIn(session.logger) };
  return startHttpServer({ port, host, ...guarded, routes, version: packageFacts().version });
}
