import type { Route } from '../../../infra/http/route.ts';
import { cardRoute } from '../../dataset/http/card-route.ts';
import { downloadRoute } from '../../dataset/http/download-route.ts';
import { datasetOpener } from '../../dataset/http/open-dataset.ts';
import { datasetStatisticsRoute } from '../../dataset/http/statistics-route.ts';
import { versionRoutes } from '../../dataset/http/version-routes.ts';
import { eventsRoute } from '../../flow/http/events-route.ts';
import { flowRoutes } from '../../flow/http/flow-routes.ts';
import { pauseRoutes } from '../../flow/http/pause-routes.ts';
import type { FlowSource } from '../../flow/watch-flow.ts';
import { shadowRoutes } from '../../judges/http/shadow-routes.ts';
import { listQuestionsRoute } from '../../questions/http/list-route.ts';
import { storyRoute } from '../../questions/http/story-route.ts';
import { deadLetterRoutes } from '../../redrive/http/dead-letter-routes.ts';
import { redriveRoute } from '../../redrive/http/redrive-route.ts';
import type { RedrivePorts } from '../../redrive/redrive.ts';
import { agreementRoute } from '../../review/http/agreement-route.ts';
import { decisionRoutes } from '../../review/http/decision-routes.ts';
import { queueRoutes } from '../../review/http/queue-routes.ts';
import { reviewDesk } from '../../review/review-desk.ts';
import { type ShownSources, sourceRoutes } from '../../sources/http/source-routes.ts';
import { typesRoute } from '../../types/http/type-routes.ts';
import { noPageRoute, pageRoutes } from './page-routes.ts';

export type ServedOptions = RedrivePorts &
  Readonly<{
    flow: FlowSource;
    namespace: string;
    simulated: boolean;
    /** That the dataset card names. Default: unknown. */
    license?: string | undefined;
    /** The documents that answers rest on. */
    sources: ShownSources;
    /** Where the built page stands; `undefined` where it was not built. */
    page: string | undefined;
  }>;

/** What the page shows, and the page itself. */
export async function servedRoutes({
  flow,
  namespace,
  simulated,
  license,
  sources,
  page,
  ...ports
}: ServedOptions): Promise<readonly Route[]> {
  const { reports, list, deadLetters, versions } = ports.store;
  const dataset = datasetOpener({ engine: ports, namespace });
  const desk = reviewDesk({ ...ports, namespace });
  return [
    ...flowRoutes(flow),
    eventsRoute(flow),
    ...pauseRoutes(ports.store.pauses),
    listQuestionsRoute(list),
    storyRoute(ports.store),
    ...deadLetterRoutes(deadLetters),
    redriveRoute(ports),
    datasetStatisticsRoute({ reports, simulated }),
    downloadRoute(dataset),
    cardRoute({ open: dataset, reports, license }),
    ...versionRoutes(versions),
    ...queueRoutes({ queue: desk.queue, reports }),
    ...decisionRoutes(desk),
    agreementRoute(desk.queue),
    ...shadowRoutes({ ...ports, namespace }),
    ...sourceRoutes(sources),
    typesRoute,
    ...(page === undefined ? [noPageRoute] : await pageRoutes(page)),
  ];
}
