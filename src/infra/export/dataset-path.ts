import { basename, dirname, join } from 'node:path';

/** The name of a dataset: its file's name without `.jsonl`. Other endings stay, as they may tell two files apart. */
export function datasetNameOf(path: string): string {
  return basename(path, '.jsonl');
}

/** `NAME.card.md` beside the file. */
export function cardPathOf(path: string): string {
  return join(dirname(path), `${datasetNameOf(path)}.card.md`);
}

/** `dataset_info.json` beside the file: its directory is LLaMA-Factory's `dataset_dir`. */
export function datasetInfoPathOf(path: string): string {
  return join(dirname(path), 'dataset_info.json');
}
