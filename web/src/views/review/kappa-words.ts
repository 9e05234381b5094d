/** From here on, in words; the last that fits counts. */
const WORDS: readonly (readonly [from: number, words: string])[] = [
  [Number.NEGATIVE_INFINITY, 'no real'],
  [Number.EPSILON, 'slight'],
  [0.21, 'fair'],
  [0.41, 'moderate'],
  [0.61, 'substantial'],
  [0.81, 'almost perfect'],
];

/**
 * What a kappa says, above 0 in the words of Landis and Koch, "The Measurement of Observer Agreement for Categorical Data",
 * Biometrics 33 (1977), p. 165: https://doi.org/10.2307/2529310.
 */
export function kappaWords(kappa: number): string {
  return WORDS.findLast(([from]) => kappa >= from)?.[1] ?? '';
}
