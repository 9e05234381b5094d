import { z } from 'zod';
import type { LookedAt } from '../../../infra/export/card/card-front-matter.ts';
import { renderDatasetCard } from '../../../infra/export/card/dataset-card.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import type { Reports } from '../../../stages/store/store.ts';
import {
  DOWNLOAD_PROBLEMS,
  type DownloadQuery,
  downloadQueryOf,
  downloadQuerySchema,
} from './download-query.ts';
import { type DatasetOpener, describedDataset } from './open-dataset.ts';

/** A card takes a reading of many examples: who asks again soon is given the same one. */
const KEPT_MS = 30_000;
/** So many are read in half a second. */
const FIRST = 5_000;

export type CardOptions = Readonly<{
  open: DatasetOpener;
  reports: Pick<Reports, 'counts'>;
  license: string | undefined;
  /** Of a larger lane only so many examples are read, unless the whole is asked for. */
  first?: number | undefined;
}>;

const wholeSchema = z.object({
  whole: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: read every example, however many. Default: the first 5,000 of a lane.'),
});

const MARKDOWN = 'text/markdown; charset=utf-8';

/** GET /v1/dataset/card: the card of the file that `/v1/dataset/download` brings. */
export function cardRoute(options: CardOptions): Route {
  const cards = datasetCards(options);
  return {
    method: 'GET',
    path: '/v1/dataset/card',
    summary:
      'The dataset card of what a download brings: front matter of the Hugging Face Hub, and Markdown.',
    query: downloadQuerySchema().extend(wholeSchema.shape),
    replies: {
      200: { description: 'The card.', mediaType: 'text/markdown' },
      ...DOWNLOAD_PROBLEMS,
    },
    answer: async (request, reply) => {
      const { whole } = parsed(wholeSchema, request.query, 'query');
      const card = await cards(downloadQueryOf(request.query), whole === 'true');
      reply.type(MARKDOWN);
      return card;
    },
  };
}

type Kept = Readonly<{ key: string; atMs: number; card: Promise<string> }>;
/**
 * Makes the card of what a download would bring; of a large lane, unless the whole is asked for, from the examples that came first.
 * Rejects with a Failure.
 */
type DatasetCards = (query: DownloadQuery, whole: boolean) => Promise<string>;

/** Makes cards one at a time; the last one is kept for a while. */
function datasetCards(options: CardOptions): DatasetCards {
  let kept: Kept | undefined;
  return (query, whole) => {
    const key = JSON.stringify([query, whole]);
    const nowMs = performance.now();
    if (kept?.key === key && nowMs - kept.atMs < KEPT_MS) return kept.card;
    const before = kept?.card.catch(() => '') ?? Promise.resolve('');
    const card = before.then(() => cardOf(options, query, whole));
    const made: Kept = { key, atMs: nowMs, card };
    kept = made;
    card.catch(() => {
      if (kept === made) kept = undefined;
    });
    return card;
  };
}

async function cardOf(options: CardOptions, query: DownloadQuery, whole: boolean): Promise<string> {
  const { open, license = 'unknown' } = options;
  const lookedAt = whole ? 'all' : await lookOf(options, query);
  const opened = await open(query, lookedAt === 'all' ? {} : { first: lookedAt.first });
  const dataset = await describedDataset(opened).finally(opened.close);
  return renderDatasetCard(dataset, { license, languages: [] }, new Date(), lookedAt);
}

/** What is read from the ledger is read as a whole in any case. */
async function lookOf({ reports, first = FIRST }: CardOptions, query: DownloadQuery): Promise<LookedAt> {
  if (query.version !== undefined || query.since !== undefined) return 'all';
  const { approved } = await reports.counts(query.lane ?? MAIN_LANE);
  return approved > first ? { first, of: approved } : 'all';
}
