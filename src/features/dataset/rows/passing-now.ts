import type { Example } from '../../../stages/example.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../../stages/store/store.ts';

/**
 * Rows of examples that were rejected by the threshold of their run and reach this one: the stored scores decide, and no model is
 * asked. What a person rejected, or another stage than the review, stays rejected.
 */
export async function* passingNow(
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
