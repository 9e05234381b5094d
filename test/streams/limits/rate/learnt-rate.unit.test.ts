import { describe, expect, it } from 'vitest';
import { LearntRate } from '../../../../src/streams/limits/rate/learnt-rate.ts';

/** After 600 calls in the first minute. */
function learnt() {
  const rate = new LearntRate(0);
  for (let call = 0; call < 600; call += 1) rate.take(100 * call);
  rate.learn(60_000, { fromMs: 0, taken: 600, atMs: 60_000, chance: 0.005 });
  return rate;
}

/** Calls as fast as the rate lets them, from one time to another; returns how many. */
function use(rate: LearntRate, fromMs: number, toMs: number): number {
  let calls = 0;
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 10)
    while (rate.waitMs(nowMs) === 0) {
      rate.take(nowMs);
      calls += 1;
    }
  return calls;
}

/** So many refusals in a row. */
function refuse(rate: LearntRate, nowMs: number, times: number): void {
  for (let call = 0; call < times; call += 1) {
    rate.take(nowMs);
    rate.onRefused(nowMs, nowMs, true);
  }
}

describe('a learnt rate', () => {
  it('is none before the first cooldown: nobody waits', () => {
    const rate = new LearntRate(0);
    expect(rate.isLearnt).toBe(false);
    expect(rate.waitMs(0)).toBe(0);
  });

  it('is a step below what was taken in the minute', () => {
    expect(learnt().perMinute).toBeGreaterThan(0.9 * 600);
    expect(learnt().perMinute).toBeLessThan(600);
  });

  it('does not grow while nobody uses it', () => {
    const rate = learnt();
    const before = rate.perMinute;
    rate.waitMs(300_000);
    rate.waitMs(600_000);
    expect(rate.perMinute).toBe(before);
  });

  it('counts what was taken: what chance refused is made up for at once', () => {
    const rate = learnt();
    use(rate, 60_000, 61_000);
    expect(rate.waitMs(61_000)).toBeGreaterThan(0);
    refuse(rate, 61_000, 1);
    const before = rate.perMinute;
    expect(use(rate, 61_000, 71_000)).toBeGreaterThanOrEqual(Math.floor(before / 6));
    expect(rate.perMinute).toBeGreaterThanOrEqual(before);
  });

  it('falls by a step when more are refused in a row than chance would have it', () => {
    const rate = learnt();
    use(rate, 60_000, 120_000);
    const before = rate.perMinute;
    refuse(rate, 120_000, 2);
    expect(rate.perMinute / before).toBeGreaterThan(0.93);
    expect(rate.perMinute / before).toBeLessThan(0.97);
  });

  it('comes back to where it was refused, stays near there, and then goes beyond', () => {
    const rate = learnt();
    use(rate, 60_000, 104_000);
    expect(rate.perMinute).toBeCloseTo(600, -1);
    use(rate, 104_000, 125_000);
    expect(rate.perMinute).toBeLessThan(1.02 * 600);
    use(rate, 125_000, 180_000);
    expect(rate.perMinute).toBeGreaterThan(2 * 600);
  });

  it('is looked for from below after a cooldown that ended long before a minute was over', () => {
    const rate = new LearntRate(0);
    rate.take(0);
    rate.learn(2_000, { ...rate.takenLately(1_000), atMs: 1_000, chance: 0.005 });
    expect(rate.perMinute).toBe(60);
    use(rate, 2_000, 10_000);
    const before = rate.perMinute;
    expect(before).toBeGreaterThan(4 * 60);
    refuse(rate, 10_000, 2);
    expect(rate.perMinute).toBeGreaterThanOrEqual(0.5 * before);
    expect(rate.perMinute).toBeLessThan(before);
  });
});
