import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { cardBodyOf } from './card-body.ts';
import { frontMatterOf, type Licensing, readFrontMatter } from './card-front-matter.ts';
import type { WrittenDataset } from './dataset-file.ts';
import { cardPathOf } from './dataset-path.ts';
import { onDisk, unlessAbsent } from './file-failure.ts';
import { replaceFile } from './replace-file.ts';

/** What the file alone cannot tell. */
export type CardOptions = Readonly<{
  /** A licence's identifier on the Hugging Face Hub, such as `cc-by-4.0`. */
  license?: string | undefined;
  /** ISO 639-1 codes, such as `en`. */
  languages?: readonly string[] | undefined;
  createdAt: Date;
}>;

/** The dataset card: YAML front matter as the Hugging Face Hub reads it, then Markdown. */
export function renderDatasetCard(dataset: WrittenDataset, licensing: Licensing, createdAt: Date): string {
  return `${frontMatterOf(dataset, licensing)}${cardBodyOf(dataset, createdAt)}`;
}

/**
 * Writes the card beside the dataset and returns its path. Licence and languages are the options, else those of the card
 * that stands there (a person may have filled them in), else `unknown` and none. Rejects like `writeDataset`.
 */
export async function writeDatasetCard(dataset: WrittenDataset, options: CardOptions): Promise<string> {
  const standing = await readFrontMatter(dataset.path);
  const licensing = {
    license: options.license ?? standing?.license ?? 'unknown',
    languages: options.languages ?? standing?.language ?? [],
  };
  const path = cardPathOf(dataset.path);
  await replaceFile(path, (append) => append(renderDatasetCard(dataset, licensing, options.createdAt)));
  return path;
}

/**
 * What would be lost if the file were replaced. `absent`: nothing, there is no file or an empty one. `simulated`: only
 * invented examples, which a card says of this very file. `real`: anything else, a file without a card included.
 */
export async function standingDataset(path: string): Promise<'absent' | 'simulated' | 'real'> {
  return onDisk(path, async () => {
    const size = (await unlessAbsent(stat(path)))?.size ?? 0;
    if (size === 0) return 'absent';
    const claims = (await readFrontMatter(path))?.millrace;
    if (claims === undefined || claims.simulated < claims.examples) return 'real';
    // The card may be older than the file: only the hash shows that it speaks of this one.
    return claims.sha256 === (await sha256Of(path)) ? 'simulated' : 'real';
  });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
