const VISIBLE = 0.005;
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

/** In two digits, and never as a zero with a minus. */
export function kappaText(kappa: number | null): string {
  return kappa === null ? '–' : kappa.toFixed(2).replace('-0.00', '0.00').replace('-', '−');
}

/** Where a chart of kappas begins: at 0, or at the quarter below the lowest. */
export function lowestShown(kappas: readonly (number | null)[]): number {
  const lowest = Math.min(0, ...kappas.map((kappa) => kappa ?? 0));
  return lowest > -VISIBLE ? 0 : Math.floor(lowest * 4) / 4;
}
