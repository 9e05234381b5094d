import { z } from 'zod';

export const figureSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** What it should be. */
  target: z.union([z.object({ most: z.number() }), z.object({ least: z.number() })]).optional(),
  /** For what is either right or wrong: missing its target fails the benchmark. */
  must: z.boolean().optional(),
  /** The single measurements behind the value. JSON has no word for what was not measured. */
  runs: z.array(z.number().nullable()).readonly().optional(),
  /** What others reached at the same work. */
  rivals: z.string().optional(),
});

/** One number of the report. */
export type Figure = Readonly<z.output<typeof figureSchema>>;

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
