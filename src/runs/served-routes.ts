import { cardRoute } from '../infra/http/dataset/card-route.ts';
import { downloadRoute } from '../infra/http/dataset/download-route.ts';
import { datasetStatisticsRoute } from '../infra/http/dataset/statistics-route.ts';
import { versionRoutes } from '../infra/http/dataset/version-routes.ts';
import { letterRoutes } from '../infra/http/dead-letters/letter-routes.ts';
import { redriveRoute } from '../infra/http/dead-letters/redrive-route.ts';
import { eventsRoute } from '../infra/http/flow/events-route.ts';
import { flowRoutes } from '../infra/http/flow/flow-routes.ts';
import type { FlowSource } from '../infra/http/flow/flow-source.ts';
import { pauseRoutes } from '../infra/http/flow/pause-routes.ts';
import { noPageRoute } from '../infra/http/page/no-page-route.ts';
import { pageRoutes } from '../infra/http/page/page-routes.ts';
import { agreementRoute } from '../infra/http/review/agreement-route.ts';
import { decisionRoutes } from '../infra/http/review/decision-routes.ts';
import { queueRoutes } from '../infra/http/review/queue-routes.ts';
import type { Route } from '../infra/http/route.ts';
import { disagreementsRoute } from '../infra/http/shadows/disagreements-route.ts';
import { shadowRoute, shadowsRoute } from '../infra/http/shadows/report-routes.ts';
import { listQuestionsRoute } from '../infra/http/stories/list-route.ts';
import { storyRoute } from '../infra/http/stories/story-route.ts';
import { datasetCards } from './dataset/dataset-cards.ts';
import { datasetFiles } from './dataset/dataset-files.ts';
import { datasetOpener } from './dataset/open-dataset.ts';
import { httpRedriver } from './http-redrive.ts';
import type { RedrivePorts } from './redrive.ts';
import { reviewDesk } from './review-desk.ts';
import { shadowSource } from './shadows/shadow-source.ts';

export type ServedOptions = RedrivePorts &
  Readonly<{
    flow: FlowSource;
    namespace: string;
    simulated: boolean;
    /** That the dataset card names. Default: unknown. */
    license?: string | undefined;
    /** Where the built page stands; `undefined` where it was not built. */
    page: string | undefined;
  }>;

/** What the page shows, and the page itself. */
export async function servedRoutes({
  flow,
  namespace,
  simulated,
  license,
  page,
  ...ports
}: ServedOptions): Promise<readonly Route[]> {
  const { reports, list, letters, versions } = ports.store;
  const dataset = datasetOpener({ engine: ports, namespace });
  const desk = reviewDesk({ ...ports, namespace });
  const shadows = shadowSource({ ...ports, namespace });
  return [
    ...flowRoutes(flow),
    eventsRoute(flow),
    ...pauseRoutes(ports.store.pauses),
    listQuestionsRoute(list),
    storyRoute(ports.store),
    ...letterRoutes(letters),
    redriveRoute(httpRedriver(ports)),
    datasetStatisticsRoute({ reports, simulated }),
    downloadRoute(datasetFiles(dataset)),
    cardRoute(datasetCards(dataset, license)),
    ...versionRoutes(versions),
    ...queueRoutes({ desk: desk.book, reports }),
    ...decisionRoutes(desk),
    agreementRoute(desk.book),
    shadowsRoute(shadows),
    shadowRoute(shadows),
    disagreementsRoute(shadows),
    ...(page === undefined ? [noPageRoute] : await pageRoutes(page)),
  ];
}
