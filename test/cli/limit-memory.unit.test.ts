import { describe, expect, it } from 'vitest';
import { growthFactor } from '../../src/cli/limit-memory.ts';

const MB = 1_024 * 1_024;

describe('the new space of the heap', () => {
  it('grows in one step to 16 MiB, from wherever a quiet hour left it, and no further', () => {
    for (const size of [1, 2, 4, 8, 16]) expect(size * growthFactor(size * MB)).toBe(16);
    expect(growthFactor(32 * MB)).toBe(1);
  });
});
