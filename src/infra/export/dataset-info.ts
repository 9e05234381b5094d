import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { LlamaFactoryEntry } from '../../stages/formats/format.ts';
import { formats } from '../../stages/formats/index.ts';
import { Failure } from '../../streams/failure.ts';
import type { WrittenDataset } from './dataset-file.ts';
import { datasetInfoPathOf, datasetNameOf } from './dataset-path.ts';
import type { WrittenFile } from './dataset-writer.ts';
import { onDisk, unlessAbsent } from './file-failure.ts';
import { replaceFile } from './replace-file.ts';

const entrySchema = z.record(z.string(), z.unknown());
const infoSchema = z.record(z.string(), entrySchema);
type Info = z.output<typeof infoSchema>;

const OURS = new Set(['file_name', 'formatting', 'ranking', 'columns', 'tags']);

/**
 * Makes LLaMA-Factory's `dataset_info.json` beside the dataset say how to read it, and returns its path; `undefined` if
 * there is nothing to say. Other entries, and what a person has added to ours (`num_samples` …), are kept; where
 * LLaMA-Factory cannot read the format, an entry of an earlier export is taken out. Rejects with a fatal Failure:
 * `dataset_info_unreadable`, `dataset_info_conflict` (the name is taken by another file's entry), or like `writeDataset`.
 */
export async function updateDatasetInfo(dataset: WrittenDataset): Promise<string | undefined> {
  const path = datasetInfoPathOf(dataset.place);
  const text = await onDisk(path, () => unlessAbsent(readFile(path, 'utf8')));
  const info = text === undefined ? {} : parsed(text, path);
  const wanted = withEntries(info, dataset, path);
  if (wanted === undefined) return undefined;
  await replaceFile(path, (append) => append(`${JSON.stringify(wanted, undefined, 2)}\n`));
  return path;
}

/** The file's contents with our entries as they must be; `undefined` if nothing changes. */
function withEntries(info: Info, dataset: WrittenDataset, path: string): Info | undefined {
  let wanted = info;
  for (const file of dataset.files) wanted = withEntry(wanted, dataset, file, path);
  return wanted === info ? undefined : wanted;
}

function withEntry(info: Info, dataset: WrittenDataset, file: WrittenFile, path: string): Info {
  const name = entryName(dataset, file);
  const standing = info[name];
  const entry = file.part !== undefined && file.lines === 0 ? undefined : entryOf(dataset);
  const foreign = standing !== undefined && standing['file_name'] !== basename(file.path);
  if (entry === undefined) {
    if (standing === undefined || foreign) return info;
    return Object.fromEntries(Object.entries(info).filter(([other]) => other !== name));
  }
  if (foreign) throw conflict(name, path);
  const additions = Object.entries(standing ?? {}).filter(([key]) => !OURS.has(key));
  return {
    ...info,
    [name]: { file_name: basename(file.path), ...entry, ...Object.fromEntries(additions) },
  };
}

/** A part has an entry of its own, the training part under the name of the dataset. */
function entryName({ place }: WrittenDataset, { part }: WrittenFile): string {
  const name = datasetNameOf(place.path);
  return part === undefined || part === 'train' ? name : `${name}_${part}`;
}

function entryOf({ format, shape }: WrittenDataset): LlamaFactoryEntry | undefined {
  if (format === 'record' || shape === undefined || shape === 'record') return undefined;
  return formats[format].shapes[shape]?.llamaFactory;
}

function parsed(text: string, path: string): Info {
  try {
    return infoSchema.parse(JSON.parse(text));
  } catch (error) {
    const message = `${path} is no LLaMA-Factory dataset list (an object of objects), so it was left alone. Repair it, move it away, or export to another directory with --out.`;
    throw new Failure('fatal', 'dataset_info_unreadable', message, { cause: error });
  }
}

function conflict(name: string, path: string): Failure {
  const message = `${path} already has an entry "${name}" for another file, so it was left alone. Rename the entry, or give the dataset another name with --out.`;
  return new Failure('fatal', 'dataset_info_conflict', message);
}
