import type { PieceFinder } from '../../../stages/evidence/finder.ts';
import type { Settings } from '../../config/settings.ts';
import { finderOf } from '../index/of-settings.ts';
import { wantedSpaceOf } from './open-embedder.ts';
import { QueryEmbedders } from './query-embedders.ts';
import { VectorFinder } from './vector-finder.ts';

/** Searches documents as a run by these settings would, outside of one. To be closed. Rejects with Failures. */
export async function openFinder(
  settings: Settings,
): Promise<PieceFinder & Readonly<{ close(): Promise<void> }>> {
  const search = await finderOf(settings);
  if (wantedSpaceOf(settings) === undefined) return search;
  const embedders = await QueryEmbedders.open(settings);
  const finder = new VectorFinder({ search, embedderOf: (space) => embedders.of(space) });
  return {
    find: (wanted) => finder.find(wanted),
    read: (stretch) => finder.read(stretch),
    close: async () => {
      await embedders.close();
      await search.close();
    },
  };
}
