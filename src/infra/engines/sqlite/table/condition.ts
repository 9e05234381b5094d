import type { SQLInputValue } from 'node:sqlite';
import { LAST_CHARACTER } from '../../../../stages/store/table/read-stored.ts';
import type { Table, Where } from '../../../../stages/store/table/table.ts';
import { type SqlColumn, sqlColumnsOf } from './columns.ts';

/** A part of a statement, and what it binds. */
export type Sql = Readonly<{ sql: string; values: readonly SQLInputValue[] }>;

const BOUNDS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** What follows `WHERE`. */
export function conditionOf(table: Table, { any = [], ...tests }: Where): Sql {
  const columns = sqlColumnsOf(table);
  const all = Object.entries(tests).flatMap(([field, test]) =>
    test === undefined ? [] : [testOf(columnOf(columns, field), test)],
  );
  const either = any.map((some) => {
    const { sql, values } = joined(
      some.map((where) => conditionOf(table, where)),
      ' OR ',
    );
    return { sql: `(${sql || 'false'})`, values };
  });
  const { sql, values } = joined([...all, ...either], ' AND ');
  return { sql: sql || 'true', values };
}

/** Behind a row in the order of some fields, or before it. */
export function beyond(columns: readonly SqlColumn[], isReverse: boolean, last: readonly unknown[]): Sql {
  const values = columns.map(({ encode }, index) => encode(last[index]));
  const names = columns.map(({ sql }) => sql).join(', ');
  return { sql: `(${names}) ${isReverse ? '<' : '>'} (${values.map(() => '?').join(', ')})`, values };
}

export function columnOf(columns: ReadonlyMap<string, SqlColumn>, field: string): SqlColumn {
  const column = columns.get(field);
  if (column === undefined) throw new TypeError(`No table has a field ${field}.`);
  return column;
}

/** What a value is bound as: a moment is one of this machine's clock. */
export function boundValue({ encode }: SqlColumn, value: unknown): SQLInputValue {
  if (typeof value !== 'object' || value === null || !('now' in value)) return encode(value ?? null);
  return encode(new Date(Date.now() + Number(value.now)).toISOString());
}

export function joined(parts: readonly Sql[], separator: string): Sql {
  return {
    sql: parts.map(({ sql }) => sql).join(separator),
    values: parts.flatMap(({ values }) => values),
  };
}

function testOf(column: SqlColumn, test: unknown): Sql {
  const { sql, among } = column;
  if (test === null) return { sql: `${sql} IS NULL`, values: [] };
  if (typeof test !== 'object')
    return among === undefined ? compared(column, '=', test) : plain(among([test]));
  if ('in' in test && Array.isArray(test.in)) return oneOf(column, test.in);
  if ('not' in test) {
    if (test.not === null) return plain(`${sql} IS NOT NULL`);
    return among === undefined ? compared(column, '<>', test.not) : plain(`NOT (${among([test.not])})`);
  }
  if ('startsWith' in test) {
    const first = String(test.startsWith);
    return { sql: `(${sql} >= ? AND ${sql} < ?)`, values: [first, `${first}${LAST_CHARACTER}`] };
  }
  const bounds = Object.entries(BOUNDS).flatMap(([bound, sign]) => {
    const value = Reflect.get(test, bound);
    return value === undefined ? [] : [compared(column, sign, value)];
  });
  return joined(bounds, ' AND ');
}

function oneOf({ sql, kind, among, encode }: SqlColumn, values: readonly unknown[]): Sql {
  if (among !== undefined) return plain(among(values));
  if (kind === 'word') return plain(`${sql} IN (${values.map(quoted).join(', ')})`);
  return { sql: `${sql} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values.map(encode))] };
}

/** A word and a flag stand as they are: an index of some rows is used only where the statement says which. */
function compared(column: SqlColumn, sign: string, value: unknown): Sql {
  const { sql, kind, encode } = column;
  if (kind === 'word') return plain(`${sql} ${sign} ${quoted(encode(value))}`);
  if (kind === 'flag') return plain(`${sql} ${sign} ${encode(value)}`);
  return { sql: `${sql} ${sign} ?`, values: [boundValue(column, value)] };
}

const plain = (sql: string): Sql => ({ sql, values: [] });
const quoted = (word: unknown): string => `'${String(word).replaceAll("'", "''")}'`;
