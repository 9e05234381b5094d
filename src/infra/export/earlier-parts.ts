import { unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readFrontMatter } from './card-front-matter.ts';
import type { WrittenDataset } from './dataset-file.ts';
import { PART_FILES } from './dataset-path.ts';
import { onDisk, unlessAbsent } from './file-failure.ts';

/**
 * Removes what an earlier export left in a directory of parts and this one did not write, and returns the paths: a part
 * of other shares holds questions that now stand in another part too. Only a file that the card there names is taken for
 * ours, so this comes before the new card. Rejects like `writeDataset`.
 */
export async function removeEarlierParts({ place, files }: WrittenDataset): Promise<readonly string[]> {
  if (place.kind === 'file') return [];
  const named = (await readFrontMatter(place))?.millrace?.sha256;
  if (named === undefined || typeof named === 'string') return [];
  const written = new Set(files.map(({ path }) => basename(path)));
  const earlier = PART_FILES.filter((name) => Object.hasOwn(named, name) && !written.has(name));
  const removed = await Promise.all(earlier.map((name) => removedFile(join(place.path, name))));
  return removed.filter((path) => path !== undefined);
}

/** The path, unless there was no file. */
function removedFile(path: string): Promise<string | undefined> {
  return onDisk(path, () => unlessAbsent(unlink(path).then(() => path)));
}
