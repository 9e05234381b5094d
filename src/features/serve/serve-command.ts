import { join } from 'node:path';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { addDataFlags, portNumber, settingsOf } from '../../infra/config/flags/flags.ts';
import { addSettingFlags, settingFlag } from '../../infra/config/flags/setting-flags.ts';
import type { IndexPlace } from '../../infra/documents/index/index-place.ts';
import { talliesIn } from '../../infra/documents/index/of-settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { openLogFile } from '../../infra/files/log-file.ts';
import { type Admittance, admittanceOf } from '../../infra/http/http-token.ts';
import type { Route } from '../../infra/http/route.ts';
import { packageFacts } from '../../infra/package-facts.ts';
import { registerTypesOfLane } from '../../infra/plugins/load-types.ts';
import { note } from '../../infra/terminal/print.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { pipelineTopics } from '../../stages/pipeline.ts';
import { trainingTypeNamed, trainingTypes } from '../../stages/training-types/index.ts';
import { closeAfter } from '../../streams/closing.ts';
import type { FlowSource } from '../flow/watch-flow.ts';
import { watchFlow } from '../flow/watch-flow.ts';
import { httpIntake } from '../questions/http/http-intake.ts';
import { strangersIn } from '../run/session/event-log.ts';
import { SIMULATED_INTAKE, takesInForSimulated } from '../run/session/open-data.ts';
import { namespaceOf, type Session } from '../run/session/session.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { StopController } from '../run/session/stop-controller.ts';
import { PAGE_NOT_BUILT, pageDirectory } from './page-directory.ts';
import { admittanceText, noTokenFlag, pageLink } from './page-link.ts';
import { STOPPING } from './readiness.ts';
import { storedGauges } from './stored-gauges.ts';

const MAP_IS_FOR_FILES =
  'The map of the settings is for files: over HTTP, a question has the names of docs/http.md, and anything else in it is metadata. Clients say "question", "topic" and so on themselves.';

type ServeFlags = Readonly<{ port: number; host: string; token: boolean }>;

/** `millrace serve`: questions in over HTTP, and where they stand. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Serves the page and the HTTP API until stopped: the stream at work, every question, the dataset, dead letters; POST /v1/questions takes questions. It does no work itself: workers do, or a run in the same data directory.',
    )
    .option('--port <n>', 'where to listen', portNumber, 8431)
    .option('--host <address>', 'where to listen; any address but loopback needs a token', '127.0.0.1')
    .addOption(settingFlag('httpTokenFile'))
    .addOption(noTokenFlag());
  addSettingFlags(command, 'otlpEndpoint', 'maxBacklog', 'topic', 'subTopic', 'trainingType');
  return addDataFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ millrace serve    prints a link with the token that requests must bring
  $ AUTH="authorization: Bearer $(cat .millrace/http-token)"
  $ curl -H "$AUTH" --json '{"question": "What is a buffer?"}' \\
      localhost:8431/v1/questions
  $ curl -H "$AUTH" -H 'content-type: application/x-ndjson' \\
      -T questions.jsonl -X POST localhost:8431/v1/questions
  $ MILLRACE_HTTP_TOKEN=… millrace serve --host 0.0.0.0 --kafka … --mongo …`,
    )
    .action((flags: ServeFlags) => serve(flags, command));
}

async function serve({ port, host, token }: ServeFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  trainingTypeNamed(settings.trainingType);
  const simulated = takesInForSimulated(settings);
  const namespace = namespaceOf(settings, simulated);
  const stop = new StopController();
  await closeAfter(async (opened) => {
    const log = openLogFile(join(settings.data, `${namespace}.log`));
    opened.defer(() => log.close());
    const { logger } = log;
    const engine = await openEngine({ settings, namespace, mode: 'append', logger });
    opened.defer(() => engine.close());
    await registerTypesOfLane(engine.store, MAIN_LANE);
    await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
    const flow = watchFlow({ log: engine.log, store: engine.store, lane: MAIN_LANE, namespace, simulated });
    opened.defer(() => flow.stop());
    const routes = await routesOf({ settings, namespace, simulated, engine, stop, flow });
    const admittance = await admittanceOf(settings, host, token);
    const server = await listen({ port, host, admittance, routes, logger });
    opened.defer(() => server.close());
    // Open event streams keep connections for which the server would wait.
    opened.defer(() => flow.stop());
    if (simulated) note(SIMULATED_INTAKE);
    if (Object.keys(settings.map).length > 0) note(MAP_IS_FOR_FILES);
    note(`Listening on ${server.address}: the API is at /v1, the page at`);
    note(`  ${pageLink(server.address, admittance)}`);
    for (const text of admittanceText(admittance, settings.data)) note(text);
    if (pageDirectory() === undefined) note(PAGE_NOT_BUILT);
    const signals = drainOnSignals(stop, note, 'Stopping: requests at work finish first.');
    opened.defer(() => signals.off());
    await stop.untilDraining();
  });
}

type Served = Pick<Session, 'settings' | 'namespace' | 'simulated' | 'engine' | 'stop'> &
  Readonly<{ flow: FlowSource }>;

async function routesOf({
  settings,
  namespace,
  simulated,
  engine,
  stop,
  flow,
}: Served): Promise<readonly Route[]> {
  const { log, store } = engine;
  const [{ postQuestionsRoute }, { readRoutes }, { healthRoutes }, { servedRoutes }] = await Promise.all([
    import('../questions/http/post-questions.ts'),
    import('../questions/http/read-routes.ts'),
    import('./http/health-routes.ts'),
    import('./http/served-routes.ts'),
  ]);
  const { topic, subTopic, trainingType, maxBacklog } = settings;
  return [
    ...healthRoutes(() => (stop.signals.draining.aborted ? [STOPPING] : [])),
    postQuestionsRoute({
      intake: httpIntake({ log, lanes: store.lanes, namespace, maxBacklog }),
      defaults: { topic, subTopic, trainingType },
      trainingTypes: [...trainingTypes.keys()],
    }),
    ...readRoutes({ store, namespace, simulated }),
    await storedMetricsRoute(engine, namespace, settings),
    ...(await servedRoutes({
      ...{ log, store, flow, namespace, simulated, stop: stop.signals.draining },
      license: settings.license,
      sources: { tallies: () => talliesIn(settings), finder: engine.finder },
      page: pageDirectory(),
    })),
  ];
}

type Listening = Readonly<{
  port: number;
  host: string;
  admittance: Admittance;
  routes: readonly Route[];
  logger: Logger;
}>;

async function listen({ port, host, admittance, routes, logger }: Listening) {
  const { startHttpServer } = await import('../../infra/http/server.ts');
  return startHttpServer({
    port,
    host,
    routes,
    ...admittance,
    ...strangersIn(logger),
    version: packageFacts().version,
    onProblem: (problem, request) =>
      logger.error(
        { request, code: problem.code, status: problem.status, cause: String(problem.cause) },
        problem.message,
      ),
  });
}

/** `/metrics` of a process that works nothing itself: what stands in log and store. */
async function storedMetricsRoute(engine: Engine, namespace: string, place: IndexPlace): Promise<Route> {
  const [{ metricsRoute }, { Metrics }] = await Promise.all([
    import('./http/metrics-route.ts'),
    import('../../infra/metrics/metrics.ts'),
  ]);
  const metrics = new Metrics();
  for (const source of storedGauges(engine, { namespace, lane: MAIN_LANE, place })) metrics.readFrom(source);
  return metricsRoute(metrics);
}
