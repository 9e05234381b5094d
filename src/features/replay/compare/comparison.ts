import type { Review } from '../../../stages/example.ts';
import type { Compared, ComparedPair, LaneVerdict } from './compare.ts';

/** The mean score of a criterion in each lane, over the questions that have a verdict in both. */
type CriterionMeans = Readonly<{ criterion: string; a: number | undefined; b: number | undefined }>;

export type ComparisonTotals = Readonly<{
  /** Questions that stand in both lanes. */
  questions: number;
  onlyInA: number;
  onlyInB: number;
  /** Those that are approved or rejected in both; the following four are theirs. */
  judged: number;
  approvedInBoth: number;
  approvedOnlyInA: number;
  approvedOnlyInB: number;
  approvedInNeither: number;
  /** The share of the judged with the same verdict; `undefined` where there are none. */
  agreement: number | undefined;
  /** The lowest score of each example first, then every criterion. */
  means: readonly CriterionMeans[];
}>;

type Sum = { total: number; count: number };
type Side = 'a' | 'b';

/** Adds up a comparison as it streams by. */
export class Comparison {
  readonly #counts = {
    questions: 0,
    onlyInA: 0,
    onlyInB: 0,
    judged: 0,
    approvedInBoth: 0,
    approvedOnlyInA: 0,
    approvedOnlyInB: 0,
    approvedInNeither: 0,
  };
  readonly #sums = new Map<string, Record<Side, Sum>>();

  add(pair: ComparedPair): void {
    if (pair.kind === 'only-a') this.#counts.onlyInA += 1;
    else if (pair.kind === 'only-b') this.#counts.onlyInB += 1;
    else this.#addBoth(pair.compared);
  }

  get totals(): ComparisonTotals {
    const { judged, approvedInBoth, approvedInNeither } = this.#counts;
    const means = [...this.#sums].map(([criterion, { a, b }]) => ({ criterion, a: meanOf(a), b: meanOf(b) }));
    const agreement = judged === 0 ? undefined : (approvedInBoth + approvedInNeither) / judged;
    return { ...this.#counts, agreement, means };
  }

  #addBoth({ a, b }: Compared): void {
    this.#counts.questions += 1;
    if (!isJudged(a) || !isJudged(b)) return;
    this.#counts.judged += 1;
    const inA = a.status === 'approved';
    const inB = b.status === 'approved';
    if (inA && inB) this.#counts.approvedInBoth += 1;
    else if (inA) this.#counts.approvedOnlyInA += 1;
    else if (inB) this.#counts.approvedOnlyInB += 1;
    else this.#counts.approvedInNeither += 1;
    this.#addScores('a', a.review);
    this.#addScores('b', b.review);
  }

  #addScores(side: Side, { score, scores }: Review): void {
    this.#addScore(side, 'lowest score', score);
    for (const [criterion, { score: its }] of Object.entries(scores)) this.#addScore(side, criterion, its);
  }

  #addScore(side: Side, criterion: string, score: number): void {
    const sums = this.#sums.get(criterion) ?? { a: { total: 0, count: 0 }, b: { total: 0, count: 0 } };
    this.#sums.set(criterion, sums);
    sums[side].total += score;
    sums[side].count += 1;
  }
}

function isJudged(verdict: LaneVerdict): verdict is LaneVerdict & { review: Review } {
  return verdict.review !== undefined && (verdict.status === 'approved' || verdict.status === 'rejected');
}

function meanOf({ total, count }: Sum): number | undefined {
  return count === 0 ? undefined : total / count;
}
