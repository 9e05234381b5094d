import { type ExampleFilter, isMeant } from '../../../stages/dataset/example-filter.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../../stages/store/store.ts';
import { passingNow } from './passing-now.ts';

/**
 * What is meant of what the store holds now, in its order. With a lowest score in the filter, the stored scores decide, whatever the
 * threshold of their run was.
 * @param onPassing hears of each that its run had rejected.
 */
export async function* meantRows(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  filter: ExampleFilter,
  onPassing: () => void = () => undefined,
): AsyncGenerator<DatasetRow> {
  yield* meant(filter, reports.dataset(query));
  const { minScore } = filter;
  if (minScore === undefined || query.verdict !== 'approved') return;
  for await (const row of meant(filter, passingNow(reports, query, minScore))) {
    onPassing();
    yield row;
  }
}

/** Only the rows that the filter means. */
async function* meant(filter: ExampleFilter, rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) if (isMeant(filter, row.example)) yield row;
}
