import { type ExampleFilter, isMeant } from '../../stages/dataset/example-filter.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../stages/store/store.ts';
import { inInputOrder } from './in-input-order.ts';
import { passingNow } from './passing-now.ts';

/**
 * What is meant of what the store holds now, in the order of the input. With a lowest score in the filter, the stored scores decide,
 * whatever the threshold of their run was.
 * @param onPassing hears of each that its run had rejected.
 */
export function datasetRows(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  filter: ExampleFilter,
  onPassing: () => void = () => undefined,
): AsyncGenerator<DatasetRow> {
  const { minScore } = filter;
  const lowered = minScore !== undefined && query.verdict === 'approved';
  async function* found() {
    yield* meant(filter, reports.dataset(query));
    if (!lowered) return;
    for await (const row of meant(filter, passingNow(reports, query, minScore))) {
      onPassing();
      yield row;
    }
  }
  // A run is read in its order already, unless what passes now is read behind it.
  return query.run === undefined || lowered ? inInputOrder(found()) : found();
}

/** Only the rows that the filter means. */
async function* meant(filter: ExampleFilter, rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) if (isMeant(filter, row.example)) yield row;
}
