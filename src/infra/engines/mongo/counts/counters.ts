import type { Document } from 'mongodb';
import type { Collections } from '../collections.ts';
import type { Spent } from '../documents.ts';
import type { CountedDocument } from './counting.ts';

export type Sums = Readonly<Record<string, number>>;
export type SumsByName = Map<string, Record<string, number>>;

export const SPENT = [
  'failed',
  'input',
  'output',
  'cached',
  'reasoning',
  'costUsd',
  'unpriced',
] as const satisfies readonly (keyof Spent)[];

/** The sums over what is spent, for a `$group`. */
export const SUMS_OF_SPENT: Document = Object.fromEntries(
  SPENT.map((name) => [name, { $sum: `$spent.${name}` }]),
);

/** Adds sums to those of a name. */
export function addSums(sums: SumsByName, name: string, more: Sums): void {
  const known = sums.get(name) ?? {};
  for (const [field, n] of Object.entries(more)) known[field] = (known[field] ?? 0) + n;
  sums.set(name, known);
}

/** Adds to each counter, which begins at 0. `sign` -1 takes away. Rejects with the driver's errors. */
export async function addToCounters(
  { counters }: Pick<Collections, 'counters'>,
  sums: SumsByName,
  sign: 1 | -1,
  { epoch, within }: CountedDocument,
): Promise<void> {
  const updates = [...sums].map(([name, each]) => {
    const $inc = Object.fromEntries(Object.entries(each).map(([field, n]) => [`n.${field}`, sign * n]));
    return { updateOne: { filter: { _id: `${epoch}/${name}` }, update: { $inc }, upsert: true } };
  });
  if (updates.length > 0) await counters.bulkWrite(updates, within);
}

/** The sums of all counters whose names begin with `prefix/`, by what follows. Rejects with the driver's errors. */
export async function countersUnder(
  { counters }: Pick<Collections, 'counters'>,
  prefix: string,
  { epoch, within }: CountedDocument,
): Promise<SumsByName> {
  const beginning = `${epoch}/${prefix}`;
  // `0` follows `/` in the order of bytes.
  const range = { _id: { $gte: `${beginning}/`, $lt: `${beginning}0` } };
  const found = await counters.find(range, within).toArray();
  return new Map(found.map(({ _id, n }) => [_id.slice(beginning.length + 1), { ...n }]));
}
