import type { ExportedExample } from '../../infra/export/dataset-file.ts';
import { type ExampleFilter, isMeant, treatmentOf } from '../../stages/dataset/example-filter.ts';
import type { DatasetQuery, DatasetRow, Store } from '../../stages/store/store.ts';
import { type Target, upTo } from '../run/target/target.ts';
import { counted, type ExportProgress } from './export-progress.ts';
import { withSentBack } from './sent-back.ts';
import { withAsker } from './with-asker.ts';
import { type Destination, type Exported, writeExport } from './write-export.ts';

export type ExportOptions = Destination &
  Readonly<{
    query: DatasetQuery;
    filter?: ExampleFilter | undefined;
    /** Exports no more than was asked for, the first in order. */
    target?: Target | undefined;
    /** How many examples there are at most, where that is known. */
    expected?: number | undefined;
    /** Hears a few times a second how far it is. */
    onProgress?: ((progress: ExportProgress) => void) | undefined;
  }>;

/** Writes what the store holds now, with its card, in place of what stood there. */
export async function exportDataset(
  { reports }: Pick<Store, 'reports'>,
  options: ExportOptions,
): Promise<Exported> {
  const { query, filter = {}, target, format, out, expected, onProgress } = options;
  const all = meant(filter, reports.dataset(query));
  const rows = exported(filter, target === undefined ? all : upTo(target, all));
  const tell = (written: number) => onProgress?.({ out, written, of: expected });
  return writeExport(withSentBack(reports, format, counted(rows, tell)), options);
}

async function* exported(
  filter: ExampleFilter,
  rows: AsyncIterable<DatasetRow>,
): AsyncGenerator<ExportedExample> {
  for await (const row of rows) yield { ...withAsker(row), ...treatmentOf(filter, row.example) };
}

/** Only the rows that the filter means. */
async function* meant(filter: ExampleFilter, rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) if (isMeant(filter, row.example)) yield row;
}
