import { basename, dirname, extname, join } from 'node:path';
import { SPLIT_NAMES, type SplitName } from '../../stages/dataset/split.ts';
import { FILE_TYPES, type FileType } from './encoders/encoder.ts';

/**
 * The name of a dataset: its file's or directory's name without `.jsonl`. Other endings stay, as they may tell two files
 * apart: `data.parquet` beside `data.jsonl` has a card of its own.
 */
export function datasetNameOf(path: string): string {
  return basename(path, '.jsonl');
}

/** Where a dataset is: one file, or a directory of files for its parts. */
export type OutPlace = Readonly<{ kind: 'file' | 'directory'; path: string }>;

/** The names that a part's file can have. */
export function partFilesOf(part: SplitName): readonly string[] {
  return FILE_TYPES.map((type) => `${part}.${type}`);
}

/** The names that a file in a directory of parts can have. */
export const PART_FILES: readonly string[] = SPLIT_NAMES.flatMap(partFilesOf);

/** `NAME.card.md` beside the file; in a directory `README.md`, where the Hub looks for it. */
export function cardPathOf(place: OutPlace): string {
  return pathBeside(place, 'card.md', 'README.md');
}

/** `dataset_info.json` beside the files: its directory is LLaMA-Factory's `dataset_dir`. */
export function datasetInfoPathOf({ kind, path }: OutPlace): string {
  return join(kind === 'directory' ? path : dirname(path), 'dataset_info.json');
}

/** The YAML block for Axolotl. */
export function axolotlPathOf(place: OutPlace): string {
  return pathBeside(place, 'axolotl.yaml');
}

/** What a version of the dataset is made of. */
export function manifestPathOf(place: OutPlace): string {
  return pathBeside(place, 'manifest.json');
}

/** The type that the name ends in; `undefined` for any other ending. */
export function extensionOf(path: string): FileType | undefined {
  return FILE_TYPES.find((type) => extname(path) === `.${type}`);
}

const OF_OTHER_KINDS = /\.(?:csv|tsv|xlsx?|ods|arrow|feather|avro|gz|bz2|zst|zip)$/iu;

/** Whether the ending of the name promises another kind of file than any that is written. */
export function isOfAnotherKind(path: string): boolean {
  return OF_OTHER_KINDS.test(path);
}

/** What the ending of the name says: JSONL, unless it says otherwise. */
export function fileTypeOf(path: string): FileType {
  return extensionOf(path) ?? 'jsonl';
}

/** A directory of the file's name, where a dataset of several files is asked for. */
export function directoryOf(path: string): string {
  return join(dirname(path), basename(path).replace(/\.(?:jsonl|parquet)$/u, ''));
}

/** `NAME.ending` beside a file; in a directory what it is called there. */
function pathBeside({ kind, path }: OutPlace, ending: string, inDirectory = ending): string {
  if (kind === 'directory') return join(path, inDirectory);
  return join(dirname(path), `${datasetNameOf(path)}.${ending}`);
}
