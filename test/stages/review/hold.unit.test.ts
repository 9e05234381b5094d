import { describe, expect, it } from 'vitest';
import { holdOf } from '../../../src/stages/review/hold.ts';
import type { WorkId } from '../../../src/streams/work/work.ts';
import { recipes, reviewOf } from '../../support/stage/stage-fixtures.ts';

const WORK = 'main/q/review/0' as WorkId;
const held = (score: number, hold: object, verdict: 'approved' | 'rejected' | 'revise' = 'approved') =>
  holdOf(reviewOf(verdict, { score }), recipes({ hold }).review, WORK);

describe('what a person is asked', () => {
  it('is nothing where no rule says so', () => {
    expect(holdOf(reviewOf('approved'), recipes().review, WORK)).toBeUndefined();
  });

  it.each([
    [5.9, undefined],
    [6, 'score'],
    [7.5, 'score'],
    [8, 'score'],
    [8.1, undefined],
  ])('is a score of %d between 6 and 8: %s', (score, why) => {
    expect(held(score, { scores: [6, 8] })).toBe(why);
  });

  it('is a verdict that would end the question, and none that sends the candidate back', () => {
    const hold = { scores: [1, 10], share: 1 };
    expect(held(7, hold, 'rejected')).toBe('score');
    expect(held(7, hold, 'revise')).toBeUndefined();
  });

  it('is what is suspicious and would be approved, where people are asked at all', () => {
    const hold = { share: 0 };
    const why = (verdict: 'approved' | 'rejected', rules: object) =>
      holdOf(reviewOf(verdict), recipes(rules).review, WORK, true);
    expect(why('approved', { hold })).toBe('suspicious');
    expect(why('rejected', { hold })).toBeUndefined();
    expect(why('approved', {})).toBeUndefined();
  });

  it('is a share of all by chance, and the same ones again', () => {
    const ids = Array.from({ length: 4_000 }, (_, index) => `main/question-${index}/review/0` as WorkId);
    const audited = (share: number) =>
      ids.filter((id) => holdOf(reviewOf('approved'), recipes({ hold: { share } }).review, id) === 'audit');
    expect(audited(0)).toEqual([]);
    expect(audited(1)).toEqual(ids);
    const some = audited(0.1);
    expect(some.length).toBeGreaterThan(300);
    expect(some.length).toBeLessThan(500);
    expect(audited(0.1)).toEqual(some);
    expect(audited(0.2)).toEqual(expect.arrayContaining(some));
  });
});
