import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addedUp,
  DURATION_BUCKETS_MS,
  Durations,
  quantileMs,
} from '../../../../src/features/run/progress/durations.ts';

const durations = fc.array(fc.double({ min: 1, max: 3_000_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

function counted(all: readonly number[]) {
  const counts = new Durations();
  for (const each of all) counts.add(each);
  return counts.counts;
}

describe('a quantile of counted durations', () => {
  it('lies in the bucket of the exact one', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95), (all, q) => {
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(q * all.length) - 1] ?? 0;
        const index = DURATION_BUCKETS_MS.findIndex((end) => exact <= end);
        const found = quantileMs(counted(all), q) ?? Number.NaN;
        expect(found).toBeGreaterThanOrEqual(DURATION_BUCKETS_MS[index - 1] ?? 0);
        expect(found).toBeLessThanOrEqual(DURATION_BUCKETS_MS[index] ?? 0);
      }),
    );
  });

  it('is the same whether one process counted all or two shared them', () => {
    fc.assert(
      fc.property(durations, durations, (some, others) => {
        const together = addedUp([counted(some), counted(others)]);
        expect(together).toEqual(counted([...some, ...others]));
      }),
    );
  });

  it('is not known where nothing was counted', () => {
    expect(quantileMs(addedUp([]), 0.5)).toBeUndefined();
  });

  it('takes what is longer than any bucket as the longest', () => {
    expect(quantileMs(counted([1e12]), 0.95)).toBeLessThanOrEqual(DURATION_BUCKETS_MS.at(-1) ?? 0);
  });
});
