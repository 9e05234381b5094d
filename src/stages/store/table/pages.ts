import { setImmediate } from 'node:timers/promises';
import { type Fields, type Page, remove, type Table, type Tables, type Where } from './table.ts';

const PAGE_ROWS = 64;
const ROWS_PER_WRITE = 500;

type Query<F extends Fields> = Page<F> & Readonly<{ order: readonly string[] }>;

/** All rows of a query in order, a page of `limit` at a time: between two others are answered, and little is held in memory. */
export async function* pagesOf<F extends Fields, C extends Fields>(
  tables: Tables,
  table: Table<F, C>,
  query: Query<F & C>,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  const { limit = PAGE_ROWS } = query;
  for (let after: readonly unknown[] | undefined; ; ) {
    const rows = await tables.page(table, { ...query, after, limit });
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = query.order.map((field) => last[field]);
    await setImmediate();
  }
}

/** The same rows, one by one. */
export async function* inPages<F extends Fields, C extends Fields>(
  tables: Tables,
  table: Table<F, C>,
  query: Query<F & C>,
): AsyncGenerator<unknown> {
  for await (const rows of pagesOf(tables, table, query)) yield* rows;
}

/** Deletes all rows that pass, some at a time: nobody else has to wait longer than for these. Answers how many. */
export async function clear<F extends Fields>(
  tables: Tables,
  table: Table<F>,
  where: Where<F>,
  key: keyof F & string = 'id',
): Promise<number> {
  for (let total = 0; ; ) {
    const rows = await tables.page(table, { where, limit: ROWS_PER_WRITE });
    const keys = { in: rows.map((row) => row[key]) };
    if (rows.length > 0) total += await tables.write([remove(table, { ...where, [key]: keys })]);
    if (rows.length < ROWS_PER_WRITE) return total;
  }
}
