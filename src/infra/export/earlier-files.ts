import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { manifestSchema } from '../../stages/dataset/dataset-version.ts';
import { removeFile, removeOwnFile } from '../files/remove-own-file.ts';
import { readFrontMatter } from './card/card-front-matter.ts';
import type { WrittenDataset } from './dataset-file.ts';
import { axolotlPathOf, manifestPathOf, type OutPlace, PART_FILES } from './dataset-path.ts';

/** What the block has, and no more: a person may have made a whole configuration of it. */
const blockSchema = z.strictObject({
  rl: z.string().optional(),
  datasets: z.array(z.unknown()),
  test_datasets: z.array(z.unknown()).optional(),
});

/**
 * Removes what an earlier export left at the place and what would be wrong of this one: parts of other shares, whose
 * questions now stand in another part too, the manifest of a version, and Axolotl's block. Returns the paths. Comes before
 * the new card is written: only a part that the card there names is taken for ours. Rejects like `writeDataset`.
 */
export async function removeEarlierFiles(dataset: WrittenDataset): Promise<readonly string[]> {
  const { place } = dataset;
  const parts = place.kind === 'file' ? [] : await earlierParts(dataset);
  const removed = await Promise.all([
    ...parts.map((name) => removeFile(join(place.path, name))),
    ...besideOf(place),
  ]);
  return removed.filter((path) => path !== undefined);
}

async function earlierParts({ place, files }: WrittenDataset): Promise<readonly string[]> {
  const named = (await readFrontMatter(place))?.millrace?.sha256;
  if (named === undefined || typeof named === 'string') return [];
  const written = new Set(files.map(({ path }) => basename(path)));
  return PART_FILES.filter((name) => Object.hasOwn(named, name) && !written.has(name));
}

function besideOf(place: OutPlace): readonly Promise<string | undefined>[] {
  return [
    removeOwnFile(manifestPathOf(place), (text) => manifestSchema.safeParse(JSON.parse(text)).success),
    removeOwnFile(axolotlPathOf(place), (text) => blockSchema.safeParse(parse(text)).success),
  ];
}
