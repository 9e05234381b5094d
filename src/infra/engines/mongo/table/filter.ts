import type { Document } from 'mongodb';
import { LAST_CHARACTER } from '../../../../stages/store/table/read-stored.ts';
import type { Table, Where } from '../../../../stages/store/table/table.ts';
import { type DocumentPath, pathsOf } from './paths.ts';

/** What no document passes. */
const NONE = { _id: { $in: [] } };
const BOUNDS = ['gt', 'gte', 'lt', 'lte'] as const;

export function filterOf(table: Table, { any = [], ...tests }: Where): Document {
  const paths = pathsOf(table);
  const all = Object.entries(tests).flatMap(([field, test]) =>
    test === undefined ? [] : [testOf(pathNamed(paths, field), test)],
  );
  const either = any.map((some) =>
    some.length === 0 ? NONE : { $or: some.map((where) => filterOf(table, where)) },
  );
  return allOf([...all, ...either]);
}

/** Behind a document in the order of some fields, or before it. The first of them alone says where to begin in an index. */
export function beyond(
  paths: readonly DocumentPath[],
  isReverse: boolean,
  last: readonly unknown[],
): Document {
  const values = paths.map(({ path, encode }, index) => ({ path, value: encode(last[index]) }));
  const further = isReverse ? '$lt' : '$gt';
  const [first] = values;
  const ways = values.map(({ path, value }, index) => ({
    ...Object.fromEntries(values.slice(0, index).map((each) => [each.path, each.value])),
    [path]: { [further]: value },
  }));
  return first === undefined ? {} : { [first.path]: { [`${further}e`]: first.value }, $or: ways };
}

export function pathNamed(paths: ReadonlyMap<string, DocumentPath>, field: string): DocumentPath {
  const path = paths.get(field);
  if (path === undefined) throw new TypeError(`No collection has a field ${field}.`);
  return path;
}

/** A moment of the server's clock, as an expression. */
export function momentOf(value: unknown): Document | undefined {
  const isMoment = typeof value === 'object' && value !== null && 'now' in value;
  return isMoment ? { $add: ['$$NOW', Number(value.now)] } : undefined;
}

/** One document where no name comes twice: it is what the plans of an index are made for. */
export function allOf(filters: readonly Document[]): Document {
  const names = filters.flatMap(Object.keys);
  return new Set(names).size === names.length ? Object.assign({}, ...filters) : { $and: [...filters] };
}

function testOf({ path, encode }: DocumentPath, test: unknown): Document {
  if (typeof test !== 'object' || test === null) return { [path]: encode(test) };
  if ('in' in test && Array.isArray(test.in)) return { [path]: { $in: test.in.map(encode) } };
  if ('not' in test) return { [path]: { $nin: [encode(test.not), null] } };
  if ('startsWith' in test) {
    const first = String(test.startsWith);
    return { [path]: { $gte: first, $lt: `${first}${LAST_CHARACTER}` } };
  }
  const bounds = BOUNDS.flatMap((bound) => {
    const value: unknown = Reflect.get(test, bound);
    if (value === undefined) return [];
    const moment = momentOf(value);
    return [
      moment === undefined
        ? { [path]: { [`$${bound}`]: encode(value) } }
        : // An expression takes null for less than any date.
          { [path]: { $type: 'date' }, $expr: { [`$${bound}`]: [`$${path}`, moment] } },
    ];
  });
  return allOf(bounds);
}
