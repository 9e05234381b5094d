import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SPLIT_NAMES, type SplitName } from '../../../stages/dataset/split.ts';
import type { LlamaFactoryEntry } from '../../../stages/formats/format.ts';
import { formatNamed } from '../../../stages/formats/index.ts';
import { wellFormedJson } from '../../../stages/text/well-formed.ts';
import { Failure } from '../../../streams/failure.ts';
import { onDisk, unlessAbsent } from '../../files/file-failure.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { WrittenDataset } from '../dataset-file.ts';
import type { WrittenFile } from '../dataset-file-writer.ts';
import { datasetInfoPathOf, datasetNameOf, partFilesOf } from '../dataset-path.ts';

const entrySchema = z.record(z.string(), z.unknown());
const infoSchema = z.record(z.string(), entrySchema);
type Info = z.output<typeof infoSchema>;

const OURS = new Set(['file_name', 'formatting', 'ranking', 'columns', 'tags']);

/**
 * Makes LLaMA-Factory's `dataset_info.json` beside the dataset say how to read it, and returns its path; `undefined` if
 * it says nothing of the dataset. Other entries, and what a person has added to ours (`num_samples` …), are kept; where
 * LLaMA-Factory cannot read the format, and where a part is gone, an entry of an earlier export is taken out. Rejects with
 * a fatal Failure: like `assertDatasetInfo`, or like `writeDataset`.
 */
export async function updateDatasetInfo(dataset: WrittenDataset): Promise<string | undefined> {
  const path = datasetInfoPathOf(dataset.place);
  const info = await existingInfo(path);
  const wanted = withEntries(await withoutLostParts(info, dataset), dataset, path);
  if (wanted !== info)
    await replaceFile(path, (append) => append(`${wellFormedJson(wanted, 2)}\n`), 'replace');
  return dataset.files.some((file) => entryOf(dataset, file) !== undefined) ? path : undefined;
}

/**
 * Finds out before anything is replaced whether `updateDatasetInfo` could say it. Rejects with a fatal Failure:
 * `dataset_info_unreadable`, or `dataset_info_conflict` (the name is taken by another dataset's entry). Changes no file.
 */
export async function assertDatasetInfo(dataset: WrittenDataset): Promise<void> {
  const path = datasetInfoPathOf(dataset.place);
  withEntries(await existingInfo(path), dataset, path);
}

async function existingInfo(path: string): Promise<Info> {
  const text = await onDisk(path, () => unlessAbsent(readFile(path, 'utf8')));
  return text === undefined ? {} : parsed(text, path);
}

/** The file's contents with our entries as they must be; the same object if nothing changes. */
function withEntries(info: Info, dataset: WrittenDataset, path: string): Info {
  let wanted = info;
  for (const file of dataset.files) wanted = withEntry(wanted, dataset, file, path);
  return wanted;
}

function withEntry(info: Info, dataset: WrittenDataset, file: WrittenFile, path: string): Info {
  const name = entryName(dataset, file.part);
  const existing = info[name];
  const entry = entryOf(dataset, file);
  const foreign = existing !== undefined && !namesOf(file).includes(String(existing['file_name']));
  if (entry === undefined) return existing === undefined || foreign ? info : without(info, name);
  if (foreign) throw conflict(name, path);
  const additions = Object.entries(existing ?? {}).filter(([key]) => !OURS.has(key));
  return {
    ...info,
    [name]: { file_name: basename(file.path), ...entry, ...Object.fromEntries(additions) },
  };
}

/** Without our entries of parts that an earlier export had, and whose files are gone. */
async function withoutLostParts(info: Info, dataset: WrittenDataset): Promise<Info> {
  const { place, files } = dataset;
  if (place.kind === 'file') return info;
  let kept = info;
  for (const part of SPLIT_NAMES.filter((name) => files.every((file) => file.part !== name))) {
    const name = entryName(dataset, part);
    const fileName = String(info[name]?.['file_name']);
    if (partFilesOf(part).includes(fileName) && !(await stands(join(place.path, fileName))))
      kept = without(kept, name);
  }
  return kept;
}

async function stands(path: string): Promise<boolean> {
  return (await onDisk(path, () => unlessAbsent(access(path).then(() => true)))) ?? false;
}

function without(info: Info, name: string): Info {
  const { [name]: _, ...others } = info;
  return others;
}

/** The files that an entry of ours may name: the part may have been a file of another type. */
function namesOf({ path, part }: WrittenFile): readonly string[] {
  return part === undefined ? [basename(path)] : partFilesOf(part);
}

/** A part has an entry of its own, the training part under the name of the dataset. */
function entryName({ place }: WrittenDataset, part: SplitName | undefined): string {
  const name = datasetNameOf(place.path);
  return part === undefined || part === 'train' ? name : `${name}_${part}`;
}

/** Of a part without lines there is none: its columns are not known. */
function entryOf(
  { format, shape, beside }: WrittenDataset,
  { part, lines }: WrittenFile,
): LlamaFactoryEntry | undefined {
  if (part !== undefined && lines === 0) return undefined;
  if (shape === undefined || shape === 'record') return undefined;
  const entry = formatNamed(format).shapes[shape]?.llamaFactory;
  if (entry === undefined || beside.size === 0) return entry;
  const columns = Object.fromEntries([...beside].map((name) => [name, name]));
  const known = { ...entry, columns: { ...entry.columns, ...columns } };
  // Calls as OpenAI writes them are known to that formatting alone.
  return entry.tags !== undefined && beside.has('tools') ? { ...known, formatting: 'openai' } : known;
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
