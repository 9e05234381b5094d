import { describe, expect, it } from 'vitest';
import type { ShadowReportBody } from '../../src/features/judges/http/schemas.ts';
import {
  kappaSentence,
  lagWords,
  ratioWords,
  signedNumber,
  strictness,
  summaryOf,
} from '../../web/src/features/judges/judge-words.ts';

const judge = (costPer1000Usd: number | null) => ({
  ...{ model: 'a', works: 4, costUsd: 1, tokens: 10, unpricedCalls: 0 },
  costPer1000Usd,
});
const costs = (shadow: number | null, live: number | null) => ({ shadow: judge(shadow), live: judge(live) });

const REPORT: ShadowReportBody = {
  ...{ name: 'strict', lane: 'main', since: '2026-01-01T00:00:00Z', recipe: 'r', minScore: 8 },
  ...{ judged: 1_204, both: 900, neither: 178, liveOnly: 100, shadowOnly: 26 },
  ...{ agreement: 1_078 / 1_204, kappa: 0.71, scoreDifference: -0.4, failed: 0, lag: 3 },
  ...{ cost: costs(4.21, 1.83), sided: { withLive: 1, withShadow: 2 } },
};

describe('a shadow judge in words', () => {
  it('is summed up in one sentence', () => {
    expect(summaryOf(REPORT)).toBe(
      'strict says what the live judge says about 90 % of 1,204 candidates, and costs 2.3 times as much.',
    );
    expect(summaryOf({ ...REPORT, cost: costs(null, 1) })).toBe(
      'strict says what the live judge says about 90 % of 1,204 candidates.',
    );
    expect(summaryOf({ ...REPORT, judged: 0, agreement: null })).toBe('strict has judged nothing yet.');
  });

  it.each([
    [4.21, 1.83, '2.3 times as much'],
    [30, 1, '30 times as much'],
    [1.02, 1, 'about as much'],
    [0.4, 1, '40 % as much'],
    [0, 1, '0 % as much'],
    [1, 0, undefined],
    [null, 1, undefined],
    [1, null, undefined],
  ])('that costs %s beside %s costs %s', (shadow, live, words) => {
    expect(ratioWords(costs(shadow, live))).toBe(words);
  });

  it.each([
    [0, 'up to date'],
    [1, '1 record behind'],
    [12_345, '12.3K records behind'],
    [null, 'how far behind is not known'],
  ])('whose lag is %s is %s', (lag, words) => {
    expect(lagWords(lag)).toBe(words);
  });

  it.each([
    [-0.42, '−0.4', 'it scores lower on average'],
    [1.25, '+1.3', 'it scores higher on average'],
    [-0.04, '0', 'on average as the live judge'],
  ])('that differs by %s is the stricter one by its sign', (difference, figure, words) => {
    expect([signedNumber(difference), strictness(difference)]).toEqual([figure, words]);
  });

  it('has a kappa that means something, or says why it has none', () => {
    expect(kappaSentence(REPORT)).toBe('substantial agreement');
    expect(kappaSentence({ judged: 3, kappa: null })).toBe('not defined: both always say the same');
    expect(kappaSentence({ judged: 0, kappa: null })).toBe('nothing judged yet');
  });
});
