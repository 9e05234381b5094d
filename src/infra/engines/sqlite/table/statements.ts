import type { Change, Page, Table, Tally } from '../../../../stages/store/table/table.ts';
import { type SqlColumn, sqlColumnsOf } from './columns.ts';
import { beyond, boundValue, columnOf, conditionOf, joined, type Sql } from './condition.ts';

export function pageOf(table: Table, { where, order = [], reverse = false, after, limit }: Page): Sql {
  const columns = sqlColumnsOf(table);
  const by = order.map((field) => columnOf(columns, field));
  // The place first: of two bounds SQLite begins at the one that it is told first, and reads on to the other.
  const place = after === undefined ? [] : [beyond(by, reverse, after)];
  const conditions = [...place, conditionOf(table, where)];
  const { sql, values } = joined(conditions, ' AND ');
  const sorted = by.map(({ sql: each }) => `${each}${reverse ? ' DESC' : ''}`).join(', ');
  return {
    sql: [
      `${wordsOf(table).select} WHERE ${sql}`,
      ...(sorted === '' ? [] : [`ORDER BY ${sorted}`]),
      ...(limit === undefined ? [] : ['LIMIT ?']),
    ].join(' '),
    values: limit === undefined ? values : [...values, limit],
  };
}

export function countOf(table: Table, where: Tally['where']): Sql {
  const { sql, values } = conditionOf(table, where);
  return { sql: `SELECT count(*) AS n FROM ${table.name} WHERE ${sql}`, values };
}

/** The statement that counts groups. */
export function tallyOf(table: Table, { where, by, sums = [], ...bounds }: Tally): Sql {
  const columns = sqlColumnsOf(table);
  const { sql, values } = conditionOf(table, where);
  const groups = by.map((field) => `${columnOf(columns, field).sql} AS "${field}"`);
  const summed = sums.map((field) => `sum(${columnOf(columns, field).sql}) AS "${field}"`);
  const bounded = Object.entries(bounds).map(
    ([how, field]) => `${how}(${columnOf(columns, field).sql}) AS "${how}"`,
  );
  const read = [...groups, 'count(*) AS "count"', ...summed, ...bounded].join(', ');
  const numbers = by.map((_, index) => index + 1).join(', ');
  const grouped = by.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${numbers}`;
  return { sql: `SELECT ${read} FROM ${table.name} WHERE ${sql} ${grouped}`, values };
}

export function changeOf(change: Change): Sql {
  const { table } = change;
  const columns = sqlColumnsOf(table);
  switch (change.kind) {
    case 'insert': {
      const { insert, written } = wordsOf(table);
      return { sql: `${insert} ON CONFLICT DO NOTHING`, values: valuesOf(written, change.row) };
    }
    case 'put': {
      const { insert, excluded, written } = wordsOf(table);
      const put = {
        sql: `${insert} ON CONFLICT DO UPDATE SET ${excluded} WHERE`,
        values: valuesOf(written, change.row),
      };
      return joined([put, conditionOf(table, change.over)], ' ');
    }
    case 'update': {
      const set = Object.entries(change.set).flatMap(([field, value]) => {
        const column = columnOf(columns, field);
        return column.name === undefined || value === undefined ? [] : [assignment(column, value)];
      });
      const { sql, values } = joined(set, ', ');
      const assigned = { sql: `UPDATE ${table.name} SET ${sql} WHERE`, values };
      return joined([assigned, conditionOf(table, change.where)], ' ');
    }
    case 'remove': {
      const { sql, values } = conditionOf(table, change.where);
      return { sql: `DELETE FROM ${table.name} WHERE ${sql}`, values };
    }
    default:
      return change satisfies never;
  }
}

type Written = readonly (readonly [string, SqlColumn])[];
type Words = Readonly<{ select: string; insert: string; excluded: string; written: Written }>;

const known = new WeakMap<Table, Words>();

/** What is the same in every statement about a table. */
function wordsOf(table: Table): Words {
  const before = known.get(table);
  if (before !== undefined) return before;
  const columns = [...sqlColumnsOf(table)];
  const read = columns.map(([field, { sql }]) => `${sql} AS "${field}"`).join(', ');
  const written = columns.filter(([, { name }]) => name !== undefined);
  const names = written.map(([, { name }]) => name);
  const words = {
    select: `SELECT ${read} FROM ${table.name}`,
    insert: `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    excluded: names.map((name) => `${name} = excluded.${name}`).join(', '),
    written,
  };
  known.set(table, words);
  return words;
}

function valuesOf(written: Written, row: Readonly<Record<string, unknown>>) {
  return written.map(([field, column]) => boundValue(column, row[field]));
}

function assignment(column: SqlColumn, value: unknown): Sql {
  const { name, kind } = column;
  if (kind === 'number' && typeof value === 'object' && value !== null && 'add' in value)
    return { sql: `${name} = ${name} + ?`, values: [Number(value.add)] };
  return { sql: `${name} = ?`, values: [kind === 'json' ? column.encode(value) : boundValue(column, value)] };
}
