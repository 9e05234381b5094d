import type { ExportedExample } from '../../infra/export/dataset-file.ts';
import { type ExampleFilter, treatmentOf } from '../../stages/dataset/example-filter.ts';
import type { DatasetQuery, DatasetRow, Store } from '../../stages/store/store.ts';
import { type Target, upTo } from '../run/target/target.ts';
import { type Distracting, withDistractors } from './distractors.ts';
import { counted, type ExportProgress } from './export-progress.ts';
import { datasetRows, withAsker } from './rows/dataset-rows.ts';
import { withSentBack } from './sent-back.ts';
import { type Destination, type Exported, writeExport } from './write-export.ts';

export type ExportOptions = Destination &
  Readonly<{
    query: DatasetQuery;
    filter?: ExampleFilter | undefined;
    /** Exports no more than was asked for, the first in order. */
    target?: Target | undefined;
    /** Texts that answers do not rest on, for formats that have a place for them. */
    distracting?: Distracting | undefined;
    /** How many examples there are at most, where that is known. */
    expected?: number | undefined;
    /** Hears a few times a second how far it is. */
    onProgress?: ((progress: ExportProgress) => void) | undefined;
  }>;

/** `passing`: how many were rejected by the threshold of their run and reach that of the filter. */
export type ExportedDataset = Exported & Readonly<{ passing: number }>;

/**
 * Writes what the store holds now, in the order of the input, with its card, in place of what stood there. With a lowest score in
 * the filter, the stored scores decide whatever their run's threshold was.
 */
export async function exportDataset(
  { reports }: Pick<Store, 'reports'>,
  options: ExportOptions,
): Promise<ExportedDataset> {
  const { query, filter = {}, target, format, out, expected, onProgress } = options;
  let passing = 0;
  const all = datasetRows(reports, query, filter, () => {
    passing += 1;
  });
  const rows = exported(filter, target === undefined ? all : upTo(target, all));
  const tell = (written: number) => onProgress?.({ out, written, of: expected });
  const made = withDistractors(options.distracting, counted(rows, tell));
  const written = await writeExport(withSentBack(reports, format, made), options);
  return { ...written, passing };
}

async function* exported(
  filter: ExampleFilter,
  rows: AsyncIterable<DatasetRow>,
): AsyncGenerator<ExportedExample> {
  for await (const row of rows) yield { ...withAsker(row), ...treatmentOf(filter, row.example) };
}
