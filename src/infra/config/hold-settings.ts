import { z } from 'zod';

/** Of the judge's scores: `6..8`, or `[6, 8]` in a file. */
export const scoreRange = z
  .union([
    z.string().regex(/^\d+(\.\d+)?\.\.\d+(\.\d+)?$/, 'expected two scores like 6..8'),
    z.tuple([z.number(), z.number()]),
  ])
  .transform((value): [number, number] => {
    if (typeof value !== 'string') return value;
    const [low, high] = value.split('..').map(Number);
    return [low ?? Number.NaN, high ?? Number.NaN];
  })
  .refine(
    ([low, high]) => low >= 0 && low <= high && high <= 10,
    'expected two scores like 6..8, the lower one first',
  );

/** `2%`, or 0.02. */
export const share = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?%?$/, 'expected a share like 2%')])
  .transform((value) => {
    if (typeof value === 'number') return value;
    return value.endsWith('%') ? Number(value.slice(0, -1)) / 100 : Number(value);
  })
  .refine((value) => value >= 0 && value <= 1, 'expected a share from 0% to 100%');
