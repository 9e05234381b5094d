import { z } from 'zod';
import type { Offset } from '../../streams/log/log.ts';

/** An offset per partition, as it is stored. */
export const offsetPairsSchema = z.array(
  z.tuple([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]),
);
export type OffsetPairs = z.output<typeof offsetPairsSchema>;

export const offsetsSchema = offsetPairsSchema.transform(offsetsIn);

export function offsetsIn(pairs: Readonly<OffsetPairs>): ReadonlyMap<number, Offset> {
  return new Map(pairs.map(([partition, offset]) => [partition, BigInt(offset)]));
}

/** In the order of the partitions. */
export function offsetPairs(offsets: ReadonlyMap<number, Offset>): OffsetPairs {
  const pairs = [...offsets].toSorted(([a], [b]) => a - b);
  return pairs.map(([partition, offset]) => [partition, String(offset)]);
}

export function smaller(one: Offset, other: Offset): Offset {
  return one < other ? one : other;
}
