import { expect, it } from 'vitest';
import { kappaText, kappaWords, lowestShown } from '../../web/src/kappa.ts';

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

it.each([
  [0.714, '0.71'],
  [-0.3, '−0.30'],
  [-1e-17, '0.00'],
  [null, '–'],
])('a kappa of %s is %s in figures', (kappa, text) => {
  expect(kappaText(kappa)).toBe(text);
});

it.each([
  [[0.5, null], 0],
  [[0.5, -1e-17], 0],
  [[0.5, -0.1], -0.25],
  [[-1, 1], -1],
  [[], 0],
])('a chart of kappas %j begins at %d', (kappas, low) => {
  expect(lowestShown(kappas)).toBe(low);
});
