import { join, parse } from 'node:path';
import { standingDataset, writeDatasetCard } from '../infra/export/dataset-card.ts';
import { type WrittenDataset, writeDataset } from '../infra/export/dataset-file.ts';
import { updateDatasetInfo } from '../infra/export/dataset-info.ts';
import type { ExportFormat } from '../stages/formats/index.ts';
import type { DatasetQuery, Store } from '../stages/store.ts';
import { type Target, upTo } from './target.ts';

export type ExportOptions = Readonly<{
  query: DatasetQuery;
  out: string;
  format: ExportFormat;
  simulated: boolean;
  license?: string | undefined;
  /** Exports no more than was asked for, the first in order. */
  target?: Target | undefined;
}>;

export type Exported = Readonly<{
  dataset: WrittenDataset;
  card: string;
  /** `dataset_info.json`, where LLaMA-Factory can read the format. */
  info: string | undefined;
  /** Set where the wanted file holds real data that a simulated run must not replace. */
  insteadOf: string | undefined;
}>;

/** Writes the dataset with its card, in place of what stood there. A simulated dataset never replaces a real one. */
export async function exportDataset(store: Store, options: ExportOptions): Promise<Exported> {
  const { format, license, target } = options;
  const out = await placeFor(options);
  const all = store.reports.dataset(options.query);
  const examples = target === undefined ? all : upTo(target, all);
  const dataset = await writeDataset({ examples, out, format });
  const card = await writeDatasetCard(dataset, { license, createdAt: new Date() });
  const info = await updateDatasetInfo(dataset);
  return { dataset, card, info, insteadOf: out === options.out ? undefined : options.out };
}

async function placeFor({ out, simulated }: ExportOptions): Promise<string> {
  if (!simulated || (await standingDataset(out)) !== 'real') return out;
  const { dir, name, ext } = parse(out);
  return join(dir, `${name}.simulated${ext}`);
}
