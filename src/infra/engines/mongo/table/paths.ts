import { Binary, type Document } from 'mongodb';
import type { Kind, Table } from '../../../../stages/store/table/table.ts';

/** How a field stands in a document. */
export type DocumentPath = Readonly<{
  kind: Kind;
  path: string;
  /** What computes it, as an expression. */
  computed?: Document;
  isWritten: boolean;
  encode(value: unknown): unknown;
  decode(value: unknown): unknown;
}>;

/** Where a field is not called as in the table, is written with another one, or is computed. */
type OwnPath = string | Readonly<{ readOnly: string | Document }>;
const computed = (readOnly: string | Document): OwnPath => ({ readOnly });

const OF_OUTCOME = { arrived: computed('arrivedAt') };
const OWN_PATHS: Readonly<Record<string, Readonly<Record<string, OwnPath>>>> = {
  questions: { arrived: computed('addedAt') },
  submissions: { userId: 'id' },
  ...{ dataset: OF_OUTCOME, rejections: OF_OUTCOME },
  dead_letters: {
    taker: 'by',
    lane: computed('work.lane'),
    questionId: computed('work.questionId'),
  },
  desk: { claimedBy: computed({ $cond: [{ $gt: ['$until', '$$NOW'] }, '$reviewer', null] }) },
  decisions: { day: computed({ $substrBytes: ['$at', 0, 10] }) },
  spending: {
    holder: computed('holder'),
    ...{ spentTokens: 'spent.tokens', spentUsd: 'spent.costUsd' },
    ...{ heldTokens: 'held.tokens', heldUsd: 'held.costUsd' },
  },
  workers: { age: computed({ $divide: [{ $max: [0, { $subtract: ['$$NOW', '$seenAt'] }] }, 1_000] }) },
};
/** The index that holds all that is counted: left to itself, MongoDB may read the documents as well. */
export const COUNTED_BY: Readonly<Record<string, string>> = { shadow_verdicts: 'counts' };

const known = new WeakMap<Table, ReadonlyMap<string, DocumentPath>>();

/** What is written and read of a collection, by the names of the fields. */
export function pathsOf(table: Table): ReadonlyMap<string, DocumentPath> {
  let paths = known.get(table);
  if (paths === undefined) {
    const fields = Object.entries({ ...table.fields, ...table.computed });
    paths = new Map(fields.map(([field, kind]) => [field, pathOf(table.name, field, kind)]));
    known.set(table, paths);
  }
  return paths;
}

function pathOf(table: string, field: string, kind: Kind): DocumentPath {
  const own = OWN_PATHS[table]?.[field] ?? (field === 'id' ? '_id' : field);
  const common = { kind, encode: encodingOf(kind), decode };
  if (typeof own === 'string') return { ...common, path: own, isWritten: true };
  const { readOnly } = own;
  if (typeof readOnly === 'string') return { ...common, path: readOnly, isWritten: false };
  return { ...common, path: field, computed: readOnly, isWritten: false };
}

const encodingOf = (kind: Kind) => (value: unknown) =>
  kind === 'time' && typeof value === 'string' ? new Date(value) : value;

/** The driver gives bytes as a Binary. */
function decode(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value instanceof Binary ? value.buffer : (value ?? null);
}
