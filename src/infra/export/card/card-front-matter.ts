import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { wellFormed } from '../../../stages/text/well-formed.ts';
import { type Origin, originSchema } from '../../input/sources/hub/origins.ts';
import type { WrittenDataset } from '../dataset-file.ts';
import { cardPathOf, datasetNameOf, type OutPlace } from '../dataset-path.ts';

/** What a person may choose, or have written into an older card. */
export type Licensing = Readonly<{
  license: string;
  languages: readonly string[];
  /** Data sets of others that the questions come from. */
  origins?: readonly Origin[];
}>;

/** What a card was made of: all examples, or the first of so many. Of those alone nobody can tell size and hash of a file. */
export type LookedAt = 'all' | Readonly<{ first: number; of: number }>;

const FENCE = '---\n';

// A field that a person has broken must not hide the others.
const frontMatterSchema = z.object({
  license: z.string().optional().catch(undefined),
  language: z
    .union([z.array(z.string()), z.string().transform((one) => [one])])
    .optional()
    .catch(undefined),
  millrace: z
    .object({
      examples: z.number(),
      simulated: z.number(),
      sha256: z.union([z.string(), z.record(z.string(), z.string())]),
      questions: z.array(originSchema).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** The front matter of a card as far as it matters to us. */
export type FrontMatter = z.output<typeof frontMatterSchema>;

/**
 * The YAML head of a dataset card. Its fields, `millrace` apart, are those of the Hugging Face Hub:
 * https://huggingface.co/docs/hub/datasets-cards. `millrace` ties the card to the very file it describes.
 */
export function frontMatterOf(
  dataset: WrittenDataset,
  { license, languages, origins = [] }: Licensing,
  lookedAt: LookedAt = 'all',
): string {
  const { statistics } = dataset;
  const file = lookedAt === 'all' ? { bytes: dataset.bytes, sha256: hashesOf(dataset) } : {};
  const fields = {
    license,
    ...(languages.length === 0 ? {} : { language: languages }),
    ...(origins.length === 0 ? {} : { source_datasets: origins.map(({ dataset }) => dataset) }),
    pretty_name: datasetNameOf(dataset.place.path),
    size_categories: [sizeCategoryOf(dataset.written)],
    task_categories: ['text-generation'],
    tags: ['synthetic', 'millrace', ...(statistics.simulated > 0 ? ['simulated'] : [])],
    configs: [{ config_name: 'default', data_files: dataFilesOf(dataset) }],
    millrace: {
      format: dataset.format,
      examples: statistics.examples,
      simulated: statistics.simulated,
      ...file,
      ...(origins.length === 0 ? {} : { questions: origins }),
    },
  };
  return `${FENCE}${stringify(wellFormed(fields), { lineWidth: 0 })}${FENCE}`;
}

/** A part without lines is left out: the Hub's reader cannot tell its columns. */
function dataFilesOf({ place, files }: WrittenDataset) {
  if (place.kind === 'file') return basename(place.path);
  return files
    .filter(({ lines }) => lines > 0)
    .map(({ part, path }) => ({ split: part, path: basename(path) }));
}

function hashesOf({ place, files }: WrittenDataset) {
  if (place.kind === 'file') return files[0]?.sha256 ?? '';
  return Object.fromEntries(files.map(({ path, sha256 }) => [basename(path), sha256]));
}

/** The front matter of the card beside a dataset; `undefined` if there is no card, or none that can be read. */
export async function readFrontMatter(place: OutPlace): Promise<FrontMatter | undefined> {
  try {
    const text = (await readFile(cardPathOf(place), 'utf8')).replaceAll('\r\n', '\n');
    const end = text.indexOf(`\n${FENCE}`);
    if (!text.startsWith(FENCE) || end === -1) return undefined;
    return frontMatterSchema.safeParse(parse(text.slice(FENCE.length, end))).data;
  } catch {
    return undefined;
  }
}

/** In the words of the Hub: `n<1K`, `1K<n<10K` … */
function sizeCategoryOf(examples: number): string {
  const bounds = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T'];
  const index = bounds.findIndex((_, power) => examples < 1_000 * 10 ** power);
  if (index === -1) return 'n>1T';
  return index === 0 ? 'n<1K' : `${bounds[index - 1]}<n<${bounds[index]}`;
}
