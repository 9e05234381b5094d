import { describe, expect, it } from 'vitest';
import { RecentTexts } from '../../../../src/infra/engines/sqlite/recent-texts.ts';

const BYTES = Buffer.of(1, 2, 3);

describe('a text that was packed a moment ago', () => {
  it('is at hand once for those who read the very bytes', () => {
    const recent = new RecentTexts();
    recent.keep(7n, BYTES, 'text');
    expect(recent.take(8n, BYTES)).toBeUndefined();
    expect(recent.take(7n, Buffer.from(BYTES))).toBe('text');
    expect(recent.take(7n, BYTES)).toBeUndefined();
  });

  it('is not what stands there where other bytes do by now', () => {
    const recent = new RecentTexts();
    recent.keep(7n, BYTES, 'text');
    expect(recent.take(7n, Buffer.of(1, 2, 4))).toBeUndefined();
  });

  it('makes room for later ones, and is not kept if it is long', () => {
    const recent = new RecentTexts();
    for (let place = 0n; place < 1_000n; place += 1n) recent.keep(place, BYTES, 'x'.repeat(10_000));
    expect(recent.take(0n, BYTES)).toBeUndefined();
    expect(recent.take(999n, BYTES)).toHaveLength(10_000);
    recent.keep(1_000n, BYTES, 'x'.repeat(100_000));
    expect(recent.take(1_000n, BYTES)).toBeUndefined();
    expect(recent.take(998n, BYTES)).toHaveLength(10_000);
  });
});
