import type { LookedAt } from '../../../infra/export/card/card-front-matter.ts';
import { renderDatasetCard } from '../../../infra/export/card/dataset-card.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import type { Reports } from '../../../stages/store/store.ts';
import type { DatasetCards } from './card-route.ts';
import type { DownloadQuery } from './download-query.ts';
import { type DatasetOpener, describedDataset } from './open-dataset.ts';

/** A card takes a reading of many examples: who asks again soon is given the same one. */
const KEPT_MS = 30_000;
/** So many are read in half a second. */
const FIRST = 5_000;

type Kept = Readonly<{ key: string; atMs: number; card: Promise<string> }>;
export type ServedCardOptions = Readonly<{
  open: DatasetOpener;
  reports: Pick<Reports, 'counts'>;
  license: string | undefined;
  /** Of a larger lane only so many examples are read, unless the whole is asked for. */
  first?: number | undefined;
}>;

/** Makes cards one at a time; the last one is kept for a while. */
export function datasetCards(options: ServedCardOptions): DatasetCards {
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

async function cardOf(options: ServedCardOptions, query: DownloadQuery, whole: boolean): Promise<string> {
  const { open, license = 'unknown' } = options;
  const lookedAt = whole ? 'all' : await lookOf(options, query);
  const opened = await open(query, lookedAt === 'all' ? {} : { first: lookedAt.first });
  const dataset = await describedDataset(opened).finally(opened.close);
  return renderDatasetCard(dataset, { license, languages: [] }, new Date(), lookedAt);
}

/** What is read from the ledger is read as a whole in any case. */
async function lookOf(
  { reports, first = FIRST }: ServedCardOptions,
  query: DownloadQuery,
): Promise<LookedAt> {
  if (query.version !== undefined || query.since !== undefined) return 'all';
  const { approved } = await reports.counts(query.lane ?? MAIN_LANE);
  return approved > first ? { first, of: approved } : 'all';
}
