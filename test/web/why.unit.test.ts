import { describe, expect, it } from 'vitest';
import { whyOf } from '../../web/src/features/review/why.ts';

const review = { scores: {}, score: 8, verdict: 'approved', feedback: '' };
const shadow = { name: 'strict', score: 4, verdict: 'rejected', feedback: 'Thin.' };

describe('why a candidate waits', () => {
  it('names who says what where two judges differ', () => {
    expect(whyOf({ why: 'disagreement', review, shadow })).toBe(
      'The judge says approved, 8; shadow strict says rejected, 4.',
    );
  });

  it('is said in general where no shadow is shown, or where it is not the reason', () => {
    expect(whyOf({ why: 'disagreement', review })).toContain('different verdicts');
    expect(whyOf({ why: 'audit', review, shadow })).toContain('at random');
  });
});
