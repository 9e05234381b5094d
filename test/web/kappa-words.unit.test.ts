import { expect, it } from 'vitest';
import { kappaWords } from '../../web/src/views/review/kappa-words.ts';

it.each([
  [-0.3, 'no real'],
  [0, 'no real'],
  [0.14, 'slight'],
  [0.21, 'fair'],
  [0.5, 'moderate'],
  [0.61, 'substantial'],
  [1, 'almost perfect'],
])('a kappa of %d is %s', (kappa, words) => {
  expect(kappaWords(kappa)).toBe(words);
});
