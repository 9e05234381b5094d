import { expect, it } from 'vitest';
import { percent } from '../../web/src/format.ts';

it.each([
  [0, '0 %'],
  [0.001, '<1 %'],
  [0.42, '42 %'],
  [0.999, '>99 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, words) => {
  expect(percent(share)).toBe(words);
});
