import type { Change, Page, Table, Tally } from '../../../../stages/store/table/table.ts';
import { type Column, columnsOf } from './columns.ts';
import { beyond, bound, columnOf, conditionOf, joined, type Sql } from './condition.ts';

/** The statement that reads a page. */
export function pageOf(table: Table, { where, order = [], reverse = false, after, limit }: Page): Sql {
  const columns = columnsOf(table);
  const by = order.map((field) => columnOf(columns, field));
  const conditions = [conditionOf(table, where)];
  if (after !== undefined) conditions.push(beyond(by, reverse, after));
  const { sql, values } = joined(conditions, ' AND ');
  const read = [...columns].map(([field, column]) => `${column.sql} AS "${field}"`).join(', ');
  const sorted = by.map(({ sql: each }) => `${each}${reverse ? ' DESC' : ''}`).join(', ');
  return {
    sql: [
      `SELECT ${read} FROM ${table.name} WHERE ${sql}`,
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
export function tallyOf(table: Table, { where, by, ...sums }: Tally): Sql {
  const columns = columnsOf(table);
  const { sql, values } = conditionOf(table, where);
  const groups = by.map((field) => `${columnOf(columns, field).sql} AS "${field}"`);
  const summed = Object.entries(sums).map(
    ([how, field]) => `${how}(${columnOf(columns, field).sql}) AS "${how}"`,
  );
  const read = [...groups, 'count(*) AS "count"', ...summed].join(', ');
  const numbers = by.map((_, index) => index + 1).join(', ');
  return { sql: `SELECT ${read} FROM ${table.name} WHERE ${sql} GROUP BY ${numbers}`, values };
}

export function changeOf(change: Change): Sql {
  const { table } = change;
  const columns = columnsOf(table);
  switch (change.kind) {
    case 'insert': {
      const { sql, values } = insertOf(table, columns, change.row);
      return { sql: `${sql} ON CONFLICT DO NOTHING`, values };
    }
    case 'put': {
      const inserted = insertOf(table, columns, change.row);
      const names = written(columns).map(({ name }) => `${name} = excluded.${name}`);
      const over = conditionOf(table, change.over);
      const update = { sql: `ON CONFLICT DO UPDATE SET ${names.join(', ')} WHERE`, values: [] };
      return joined([inserted, update, over], ' ');
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

function insertOf(
  table: Table,
  columns: ReadonlyMap<string, Column>,
  row: Readonly<Record<string, unknown>>,
): Sql {
  const into = [...columns].filter(([, { name }]) => name !== undefined);
  const names = into.map(([, { name }]) => name).join(', ');
  const marks = into.map(() => '?').join(', ');
  return {
    sql: `INSERT INTO ${table.name} (${names}) VALUES (${marks})`,
    values: into.map(([field, column]) => bound(column, row[field])),
  };
}

function written(columns: ReadonlyMap<string, Column>): readonly Column[] {
  return [...columns.values()].filter(({ name }) => name !== undefined);
}

function assignment(column: Column, value: unknown): Sql {
  const { name, kind } = column;
  if (kind === 'number' && typeof value === 'object' && value !== null && 'add' in value)
    return { sql: `${name} = ${name} + ?`, values: [Number(value.add)] };
  return { sql: `${name} = ?`, values: [kind === 'json' ? column.encode(value) : bound(column, value)] };
}
