import type { ExampleFilter } from '../../../stages/dataset/example-filter.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../../stages/store/store.ts';
import { inInputOrder } from './in-input-order.ts';
import { meantRows } from './meant-rows.ts';

/** What is meant of what the store holds now, as `meantRows` finds it, in the order of the input. */
export function datasetRows(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  filter: ExampleFilter,
  onPassing?: () => void,
): AsyncGenerator<DatasetRow> {
  const found = meantRows(reports, query, filter, onPassing);
  const lowered = filter.minScore !== undefined && query.verdict === 'approved';
  // A run is read in its order already, unless what passes now is read behind it.
  return query.run === undefined || lowered ? inInputOrder(found) : found;
}
