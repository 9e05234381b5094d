import { expect, it } from 'vitest';
import { cacheLines } from '../../../src/features/run/summary.ts';

it('the share of the prompts that came from a cache is told, where any did', () => {
  expect(cacheLines({ input: 1_000, cached: 420 })).toEqual([
    "42 % of the prompts' tokens came from a server's cache.",
  ]);
  expect(cacheLines({ input: 1_000, cached: 0 })).toEqual([]);
});

it('a server that counts what it kept beside the input is not said to have kept more than all', () => {
  expect(cacheLines({ input: 100, cached: 400 })).toEqual([
    "100 % of the prompts' tokens came from a server's cache.",
  ]);
});
