import { describe, expect, it } from 'vitest';
import type { Compared } from '../../../../src/features/replay/compare/compare.ts';
import type { ComparisonTotals } from '../../../../src/features/replay/compare/comparison.ts';
import {
  comparedText,
  headText,
  totalsText,
} from '../../../../src/features/replay/compare/comparison-text.ts';
import { reviewOf } from '../../../support/stage/stage-fixtures.ts';
import { laneName } from '../../../support/stage/work.ts';

const lanes = { a: laneName('main'), b: laneName('second') };
const pair: Compared = {
  questionId: '0123456789abcdef01234567',
  text: 'Why is the sky blue?\n\u001b[31mred',
  a: { status: 'approved', review: reviewOf('approved') },
  b: { status: 'rejected', review: reviewOf('rejected') },
};
const totals: ComparisonTotals = {
  ...{ questions: 4, onlyInA: 1_200, onlyInB: 0, judged: 3, agreement: 2 / 3 },
  ...{ approvedInBoth: 2, approvedOnlyInA: 1, approvedOnlyInB: 0, approvedInNeither: 0 },
  means: [{ criterion: 'clarity', a: 8.333_3, b: undefined }],
};
const cost = { works: 12, failedCalls: 0, tokens: 61_200, costUsd: 0.5, unpricedCalls: 0 };

describe('a comparison for people', () => {
  it('has both verdicts and every criterion side by side, under the names of the lanes', () => {
    const line = comparedText(pair);
    expect(line).toContain('approved 9          rejected 3          correctness 9|3, clarity 9|9');
    const head = headText(lanes);
    expect(head.indexOf('main')).toBe(line.indexOf('approved'));
    expect(head.indexOf('second')).toBe(line.indexOf('rejected'));
  });

  it('lets no text of strangers write to the terminal', () => {
    expect(comparedText(pair)).not.toContain('\u001b');
  });

  it('shows where a question stands that has no verdict yet', () => {
    const line = comparedText({ ...pair, b: { status: 'generated', review: undefined } });
    expect(line).toContain('generated           correctness 9|-');
  });

  it('ends with the totals, the means and what each lane has cost, by works: nobody counts the calls of a work', () => {
    const text = totalsText(lanes, totals, { a: cost, b: { ...cost, failedCalls: 3, unpricedCalls: 2 } });
    expect(text).toContain('4 questions in both lanes, 1,200 only in main, 0 only in second.');
    expect(text).toContain('3 approved or rejected in both; they agree on 66.7 %:');
    expect(text).toMatch(/clarity +8\.33 +-/);
    expect(text).toContain('main has cost 12 works, 61.2K tokens, $0.5000.');
    expect(text).toContain(
      'second has cost 12 works and 3 failed calls, 61.2K tokens, $0.5000 + 2 calls of unknown price.',
    );
  });
});
