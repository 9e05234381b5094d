import { describe, expect, it } from 'vitest';
import { ChanceShare } from '../../../src/streams/limits/chance-share.ts';

describe('the share that fails by chance', () => {
  it('comes to what was seen, and is never more than a quarter', () => {
    const chance = new ChanceShare();
    for (let calls = 0; calls < 100; calls += 1) chance.add(1, 10);
    expect(chance.share).toBeCloseTo(0.1, 1);
    for (let calls = 0; calls < 100; calls += 1) chance.add(9, 10);
    expect(chance.share).toBe(0.25);
    expect(chance.runOf(5_000)).toBe(7);
  });
});
