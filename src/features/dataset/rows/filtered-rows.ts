import { type ExampleFilter, isMeant } from '../../../stages/dataset/example-filter.ts';
import type { Example } from '../../../stages/example.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../../stages/store/store.ts';

/**
 * What is meant of what the store holds now, in its order. With a lowest score in the filter, the stored scores decide, whatever the
 * threshold of their run was.
 * @param onPassing hears of each that its run had rejected.
 */
export async function* filteredRows(
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

/**
 * Rows of examples that were rejected by the threshold of their run and reach this one: the stored scores decide, and no model is
 * asked. What a person rejected, or another stage than the review, stays rejected.
 */
async function* passingNow(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  minScore: number,
): AsyncGenerator<DatasetRow> {
  for await (const row of reports.dataset({ ...query, verdict: 'rejected' })) {
    const { example } = row;
    if (!wasBelowThreshold(example) || example.review.score < minScore) continue;
    yield { ...row, example: { ...example, review: { ...example.review, verdict: 'approved' } } };
  }
}

function wasBelowThreshold({ review, provenance }: Example): boolean {
  return (
    review.verdict === 'rejected' && review.reviewer === undefined && provenance.at(-1)?.stage === 'review'
  );
}
