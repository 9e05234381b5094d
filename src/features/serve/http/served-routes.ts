import type { Route } from '../../../infra/http/route.ts';
import { cardRoute } from '../../dataset/http/card-route.ts';
import { datasetCards } from '../../dataset/http/dataset-cards.ts';
import { datasetFiles } from '../../dataset/http/dataset-files.ts';
import { downloadRoute } from '../../dataset/http/download-route.ts';
import { datasetOpener } from '../../dataset/http/open-dataset.ts';
import { datasetStatisticsRoute } from '../../dataset/http/statistics-route.ts';
import { versionRoutes } from '../../dataset/http/version-routes.ts';
import { eventsRoute } from '../../flow/http/events-route.ts';
import { flowRoutes } from '../../flow/http/flow-routes.ts';
import type { FlowSource } from '../../flow/http/flow-source.ts';
import { pauseRoutes } from '../../flow/http/pause-routes.ts';
import { disagreementsRoute } from '../../judges/http/disagreements-route.ts';
import { shadowRoute, shadowsRoute } from '../../judges/http/report-routes.ts';
import { shadowSource } from '../../judges/shadow-source.ts';
import { listQuestionsRoute } from '../../questions/http/list-route.ts';
import { storyRoute } from '../../questions/http/story-route.ts';
import { deadLetterRoutes } from '../../redrive/http/dead-letter-routes.ts';
import { httpRedriver } from '../../redrive/http/http-redrive.ts';
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
  const shadows = shadowSource({ ...ports, namespace });
  return [
    ...flowRoutes(flow),
    eventsRoute(flow),
    ...pauseRoutes(ports.store.pauses),
    listQuestionsRoute(list),
    storyRoute(ports.store),
    ...deadLetterRoutes(deadLetters),
    redriveRoute(httpRedriver(ports)),
    datasetStatisticsRoute({ reports, simulated }),
    downloadRoute(datasetFiles(dataset)),
    cardRoute(datasetCards({ open: dataset, reports, license })),
    ...versionRoutes(versions),
    ...queueRoutes({ queue: desk.queue, reports }),
    ...decisionRoutes(desk),
    agreementRoute(desk.queue),
    shadowsRoute(shadows),
    shadowRoute(shadows),
    disagreementsRoute(shadows),
    ...sourceRoutes(sources),
    typesRoute,
    ...(page === undefined ? [noPageRoute] : await pageRoutes(page)),
  ];
}
