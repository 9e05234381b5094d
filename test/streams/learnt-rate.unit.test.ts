import { describe, expect, it } from 'vitest';
import { LearntRate } from '../../src/streams/learnt-rate.ts';

function learnt() {
  const rate = new LearntRate(0);
  for (let call = 0; call < 600; call += 1) rate.take(0);
  rate.learn(60_000, { ...rate.takenLately(59_999), chance: 0 });
  return rate;
}

describe('a learnt rate', () => {
  it('is none before a door was closed: nobody waits', () => {
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
    expect(rate.perMinute).toBe(before);
  });

  it('falls by a step at a door that is closed again', () => {
    const rate = learnt();
    const before = rate.perMinute;
    rate.cut(200_000);
    expect(rate.perMinute).toBeCloseTo(0.94 * before);
  });
});
