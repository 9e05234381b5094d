/** One number of the report. */
export type Figure = Readonly<{
  name: string;
  value: number;
  unit: string;
  /** What it should be. `must` is for what is either right or wrong: missing it fails the benchmark. */
  target?: Readonly<{ most: number } | { least: number }>;
  must?: boolean;
  /** The single measurements behind the value. */
  runs?: readonly number[];
  /** What others reached at the same work. */
  rivals?: string;
}>;

export type BenchCase = Readonly<{
  name: string;
  title: string;
  /** About how long it takes on two cores. */
  minutes: number;
  /** `say` tells what runs now. */
  run(say: (text: string) => void): Promise<readonly Figure[]>;
}>;

/** `undefined` where there is no target. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'most' in target ? value <= target.most : value >= target.least;
}
