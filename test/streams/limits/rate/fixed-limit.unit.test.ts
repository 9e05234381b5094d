import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FixedLimit } from '../../../../src/streams/limits/rate/fixed-limit.ts';

describe('a fixed limit a minute', () => {
  it('is kept in any 60 s, however the calls come', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 600 }), gaps, (perMinute, some) => {
        const limit = new FixedLimit(perMinute, 0);
        const sentMs: number[] = [];
        let nowMs = 0;
        for (const gap of some) {
          nowMs += gap;
          nowMs += limit.waitMs(nowMs, 1);
          limit.take(nowMs, 1);
          sentMs.push(nowMs);
        }
        for (const from of sentMs) {
          const within = sentMs.filter((at) => at >= from && at < from + 60_000 - 1).length;
          expect(within).toBeLessThanOrEqual(perMinute);
        }
      }),
    );
  });

  it('gives back what was reserved and not used, and takes what was used and not reserved', () => {
    const limit = new FixedLimit(60_000, 0);
    limit.take(0, 1_000);
    expect(limit.waitMs(0, 1_000)).toBeGreaterThan(0);
    limit.settle(0, 1_000, 0);
    expect(limit.waitMs(0, 1_000)).toBe(0);
    limit.take(0, 1_000);
    limit.settle(0, 1_000, 3_000);
    expect(limit.waitMs(0, 1_000)).toBeGreaterThan(2_500);
  });

  it('lets a call through that is larger than all it holds, and makes the next ones wait for it', () => {
    const limit = new FixedLimit(6_000, 0);
    expect(limit.waitMs(0, 50_000)).toBe(0);
    limit.take(0, 50_000);
    expect(limit.waitMs(0, 1)).toBeGreaterThan(60_000);
  });
});
