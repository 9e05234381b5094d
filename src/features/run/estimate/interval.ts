/** An expected value and where it lies with 90 % confidence; without bounds where one figure alone is known. */
export type ConfidenceInterval = Readonly<{
  expected: number;
  low?: number | undefined;
  high?: number | undefined;
}>;

/** The 95 % quantiles of Student's t by degrees of freedom, from 1 (Abramowitz and Stegun, table 26.10). */
const T_95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
  1.746, 1.74, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
];
const Z_95 = 1.645;

/** Beyond the table by the first term of the expansion around the normal distribution (ibid., 26.7.5). */
function tQuantile(degrees: number): number {
  return T_95[degrees - 1] ?? Z_95 + (Z_95 ** 3 + Z_95) / (4 * degrees);
}

/**
 * The sum of a quantity over `population` members, told from a sample of them: a t-interval of the mean, corrected for
 * what the sample is of the whole. What was sampled is never below the sum; a sample of everything is exact.
 */
export function totalRange(sample: readonly number[], population: number): ConfidenceInterval {
  const size = sample.length;
  const sum = sample.reduce((total, value) => total + value, 0);
  const mean = size === 0 ? 0 : sum / size;
  const expected = mean * population;
  if (size >= population) return { expected: sum, low: sum, high: sum };
  if (size < 2) return { expected };
  const variance = sample.reduce((total, value) => total + (value - mean) ** 2, 0) / (size - 1);
  const spread = tQuantile(size - 1) * population * Math.sqrt((variance / size) * (1 - size / population));
  return { expected, low: Math.max(sum, expected - spread), high: expected + spread };
}

/** A share with its Wilson score interval, which holds for few cases as well (Wilson 1927). */
export function shareRange(hits: number, size: number): ConfidenceInterval {
  if (size === 0) return { expected: 0 };
  const share = hits / size;
  const weight = Z_95 ** 2 / size;
  const centre = (share + weight / 2) / (1 + weight);
  const spread = (Z_95 * Math.sqrt((share * (1 - share)) / size + weight / (4 * size))) / (1 + weight);
  return { expected: share, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}
