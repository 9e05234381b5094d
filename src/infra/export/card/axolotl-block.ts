import { stringify } from 'yaml';
import { formatNamed } from '../../../stages/formats/index.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { WrittenDataset } from '../dataset-file.ts';
import type { WrittenFile } from '../dataset-file-writer.ts';
import { axolotlPathOf } from '../dataset-path.ts';

/**
 * The part of an Axolotl configuration that reads the dataset; `undefined` where Axolotl cannot. Source: `datasets` and
 * `test_datasets` in https://docs.axolotl.ai/docs/config-reference.html; files of its own it knows as the split `train`.
 */
export function axolotlBlockOf({ format, fileType, shape, files }: WrittenDataset): string | undefined {
  if (shape === undefined || shape === 'record') return undefined;
  const entry = formatNamed(format).shapes[shape]?.axolotl;
  if (entry === undefined) return undefined;
  const dsType = fileType === 'parquet' ? 'parquet' : 'json';
  const datasetOf = ({ path }: WrittenFile) => ({ path, ds_type: dsType, split: 'train', ...entry.dataset });
  const [first] = files;
  const train = files.find(({ part }) => part === 'train') ?? first;
  const validation = files.find(({ part, lines }) => part === 'validation' && lines > 0);
  return stringify(
    {
      ...(entry.rl === undefined ? {} : { rl: entry.rl }),
      datasets: train === undefined ? [] : [datasetOf(train)],
      ...(validation === undefined ? {} : { test_datasets: [datasetOf(validation)] }),
    },
    { lineWidth: 0 },
  );
}

/** Writes the block beside a dataset in one of Axolotl's own formats, and returns its path and text. */
export async function writeAxolotlBlock(
  dataset: WrittenDataset,
): Promise<Readonly<{ path: string; text: string }> | undefined> {
  const text = dataset.format.startsWith('axolotl') ? axolotlBlockOf(dataset) : undefined;
  if (text === undefined) return undefined;
  const path = axolotlPathOf(dataset.place);
  await replaceFile(path, (append) => append(text), 'replace');
  return { path, text };
}
