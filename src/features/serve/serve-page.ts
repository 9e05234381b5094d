import type { Command } from 'commander';
import { portNumber } from '../../infra/config/flags/flags.ts';
import { talliesIn } from '../../infra/documents/index/of-settings.ts';
import type { HttpServer } from '../../infra/http/server.ts';
import { packageFacts } from '../../infra/package-facts.ts';
import { openAll } from '../../streams/closing.ts';
import { strangersIn } from '../run/session/event-log.ts';
import type { Session } from '../run/session/session.ts';
import { admittanceText, noTokenFlag, pageLink } from './page-link.ts';
import { reasonsNotReady } from './readiness.ts';

/** Where `millrace serve` listens too. */
const USUAL_PORT = 8431;

/** `true` where no port was given. */
export type PageFlags = Readonly<{ ui?: number | true; uiHost?: string; token?: boolean }>;

/** The flags of a command that can serve the page from its own process. */
export function addPageFlags(command: Command): Command {
  return command
    .option('--ui [port]', `also serve the page, from this process (default: ${USUAL_PORT})`, portNumber)
    .option(
      '--ui-host <address>',
      'where the page listens; any address but loopback needs a token',
      '127.0.0.1',
    )
    .addOption(noTokenFlag());
}

/**
 * Serves the page and its API from the process that works, and says once where. `undefined` where nobody asked for it.
 * Rejects with a Failure for a port that is taken and for an address off loopback without a token.
 */
export async function servePage(
  session: Session,
  { ui, uiHost = '127.0.0.1', token = true }: PageFlags,
  note: (text: string) => void,
): Promise<Pick<HttpServer, 'close'> | undefined> {
  if (ui === undefined) return undefined;
  const [{ startHttpServer }, { healthRoutes }, { readRoutes }, { admittanceOf }, served, watching, place] =
    await Promise.all([
      import('../../infra/http/server.ts'),
      import('./http/health-routes.ts'),
      import('../questions/http/read-routes.ts'),
      import('../../infra/http/http-token.ts'),
      import('./http/served-routes.ts'),
      import('../flow/watch-flow.ts'),
      import('./page-directory.ts'),
    ]);
  const { engine, namespace, lane, settings, simulated, stop } = session;
  const { log, store } = engine;
  const admittance = await admittanceOf(settings, uiHost, token);
  const page = place.pageDirectory();
  const flow = watching.watchFlow({ log, store, lane: lane.name, namespace, simulated });
  const shown = {
    ...{ log, store, flow, namespace, simulated, stop: stop.signals.draining },
    license: settings.license,
    sources: { tallies: () => talliesIn(settings), finder: engine.finder },
  };
  return openAll(async (opened) => {
    opened.defer(() => flow.stop());
    const server = await startHttpServer({
      port: ui === true ? USUAL_PORT : ui,
      host: uiHost,
      flags: { port: '--ui', host: '--ui-host' },
      ...admittance,
      ...strangersIn(session.logger),
      version: packageFacts().version,
      routes: [
        ...healthRoutes(() => reasonsNotReady(session)),
        ...readRoutes({ store, namespace, simulated }),
        ...(await served.servedRoutes({ ...shown, page })),
      ],
    });
    opened.defer(() => server.close());
    // Open event streams keep connections for which the server would wait.
    opened.defer(() => flow.stop());
    note(`The page is at ${pageLink(server.address, admittance)}`);
    note('until this process ends; later: millrace serve');
    for (const text of admittanceText(admittance, settings.data)) note(text);
    if (page === undefined) note(place.PAGE_NOT_BUILT);
    return { close: () => opened.disposeAsync() };
  });
}
