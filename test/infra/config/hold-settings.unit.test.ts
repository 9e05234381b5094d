import { describe, expect, it } from 'vitest';
import { scoreRange, share } from '../../../src/infra/config/hold-settings.ts';

describe('what a person is asked, as a setting', () => {
  it.each([
    ['6..8', [6, 8]],
    ['6.5..6.5', [6.5, 6.5]],
    [
      [1, 10],
      [1, 10],
    ],
  ])('reads the scores %j', (text, scores) => {
    expect(scoreRange.parse(text)).toEqual(scores);
  });

  it.each(['8..6', '6-8', '6..', '6..11', [8, 6], 7])('refuses %j as scores', (text) => {
    expect(scoreRange.safeParse(text).success).toBe(false);
  });

  it.each([
    ['2%', 0.02],
    ['0.5', 0.5],
    [0.25, 0.25],
    ['100%', 1],
    ['0%', 0],
  ])('reads the share %j', (text, value) => {
    expect(share.parse(text)).toBeCloseTo(value, 12);
  });

  it.each(['2', '101%', -0.1, 'some', '%'])('refuses %j as a share', (text) => {
    expect(share.safeParse(text).success).toBe(false);
  });
});
