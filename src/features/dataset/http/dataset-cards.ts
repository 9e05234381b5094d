import { renderDatasetCard } from '../../../infra/export/card/dataset-card.ts';
import type { DatasetCards } from './card-route.ts';
import type { DownloadQuery } from './download-query.ts';
import { type DatasetOpener, describedDataset } from './open-dataset.ts';

/** A card takes one reading of the whole lane: who asks again soon is given the same one. */
const KEPT_MS = 30_000;

type Kept = Readonly<{ key: string; atMs: number; card: Promise<string> }>;

/** Makes cards one at a time; the last one is kept for a while. */
export function datasetCards(open: DatasetOpener, license: string | undefined): DatasetCards {
  let kept: Kept | undefined;
  return (query) => {
    const key = JSON.stringify(query);
    const nowMs = performance.now();
    if (kept?.key === key && nowMs - kept.atMs < KEPT_MS) return kept.card;
    const before = kept?.card.catch(() => '') ?? Promise.resolve('');
    const card = before.then(() => cardOf(open, query, license));
    const made: Kept = { key, atMs: nowMs, card };
    kept = made;
    card.catch(() => {
      if (kept === made) kept = undefined;
    });
    return card;
  };
}

async function cardOf(open: DatasetOpener, query: DownloadQuery, license = 'unknown'): Promise<string> {
  const opened = await open(query);
  const dataset = await describedDataset(opened).finally(opened.close);
  return renderDatasetCard(dataset, { license, languages: [] }, new Date());
}
