import { type ExampleFilter, isMeant } from '../../stages/example-filter.ts';
import type { DatasetQuery, DatasetRow, Store } from '../../stages/store.ts';
import { type Target, upTo } from '../target.ts';
import { withSentBack } from './sent-back.ts';
import { type Destination, type Exported, writeExport } from './write-export.ts';

export type ExportOptions = Destination &
  Readonly<{
    query: DatasetQuery;
    filter?: ExampleFilter | undefined;
    /** Exports no more than was asked for, the first in order. */
    target?: Target | undefined;
  }>;

/** Writes what the store holds now, with its card, in place of what stood there. */
export async function exportDataset(
  { reports }: Pick<Store, 'reports'>,
  options: ExportOptions,
): Promise<Exported> {
  const { query, filter = {}, target, format } = options;
  const all = meant(filter, reports.dataset(query));
  const rows = target === undefined ? all : upTo(target, all);
  return writeExport(withSentBack(reports, format, rows), options);
}

/** Only the rows that the filter means. */
async function* meant(filter: ExampleFilter, rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) if (isMeant(filter, row.example)) yield row;
}
