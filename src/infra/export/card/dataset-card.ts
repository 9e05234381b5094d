import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onDisk, unlessAbsent } from '../../files/file-failure.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { Origin } from '../../input/sources/hub/origins.ts';
import type { WrittenDataset } from '../dataset-file.ts';
import { cardPathOf, type OutPlace, PART_FILES } from '../dataset-path.ts';
import { cardBodyOf } from './card-body.ts';
import {
  type FrontMatter,
  frontMatterOf,
  type Licensing,
  type LookedAt,
  readFrontMatter,
} from './card-front-matter.ts';

/** What the file alone cannot tell. */
export type DatasetCardOptions = Readonly<{
  /** A licence's identifier on the Hugging Face Hub, such as `cc-by-4.0`. */
  license?: string | undefined;
  /** ISO 639-1 codes, such as `en`. */
  languages?: readonly string[] | undefined;
  /** Data sets of others that the questions come from. Default: those of the card that stands there. */
  origins?: readonly Origin[] | undefined;
  createdAt: Date;
}>;

/** The dataset card: YAML front matter as the Hugging Face Hub reads it, then Markdown. */
export function renderDatasetCard(
  dataset: WrittenDataset,
  licensing: Licensing,
  createdAt: Date,
  lookedAt: LookedAt = 'all',
): string {
  return `${frontMatterOf(dataset, licensing, lookedAt)}${cardBodyOf(dataset, createdAt, { lookedAt, origins: licensing.origins })}`;
}

/**
 * Writes the card beside the dataset and returns its path. Licence and languages are the options, else those of the card
 * that stands there (a person may have filled them in), else `unknown` and none. Rejects like `writeDataset`.
 */
export async function writeDatasetCard(
  dataset: WrittenDataset,
  options: DatasetCardOptions,
): Promise<string> {
  const existing = await readFrontMatter(dataset.place);
  const licensing = {
    license: options.license ?? existing?.license ?? 'unknown',
    languages: options.languages ?? existing?.language ?? [],
    origins: options.origins ?? existing?.millrace?.questions ?? [],
  };
  const path = cardPathOf(dataset.place);
  const text = renderDatasetCard(dataset, licensing, options.createdAt);
  await replaceFile(path, (append) => append(text), 'replace');
  return path;
}

/**
 * What would be lost if the dataset were replaced. `absent`: nothing, there is no file or an empty one. `simulated`: only
 * invented examples, which a card says of these very files. `real`: anything else, a file without a card included.
 */
export async function existingDataset(place: OutPlace): Promise<'absent' | 'simulated' | 'real'> {
  return onDisk(place.path, async () => {
    const files = await existingFiles(place);
    if (files.length === 0) return 'absent';
    const claims = (await readFrontMatter(place))?.millrace;
    if (claims === undefined || claims.simulated < claims.examples) return 'real';
    // The card may be older than a file: only the hash shows that it speaks of this one.
    for (const path of files) if (claimedHash(claims, path) !== (await sha256Of(path))) return 'real';
    return 'simulated';
  });
}

async function existingFiles({ kind, path }: OutPlace): Promise<readonly string[]> {
  const candidates = kind === 'file' ? [path] : PART_FILES.map((name) => join(path, name));
  const sizes = await Promise.all(
    candidates.map(async (file) => (await unlessAbsent(stat(file)))?.size ?? 0),
  );
  return candidates.filter((_, index) => (sizes[index] ?? 0) > 0);
}

function claimedHash({ sha256 }: NonNullable<FrontMatter['millrace']>, path: string): string | undefined {
  return typeof sha256 === 'string' ? sha256 : sha256[basename(path)];
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
