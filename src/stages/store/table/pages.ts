import { setImmediate } from 'node:timers/promises';
import type { Fields, Page, Table, Tables } from './table.ts';

const PAGE_ROWS = 64;

/** All rows of a query in order, a page at a time: between two pages others are answered, and little is held in memory. */
export async function* inPages<F extends Fields, C extends Fields>(
  tables: Tables,
  table: Table<F, C>,
  query: Page<F & C> & Readonly<{ order: readonly string[] }>,
): AsyncGenerator<unknown> {
  for (let after: readonly unknown[] | undefined; ; ) {
    const rows = await tables.page(table, { ...query, after, limit: PAGE_ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = query.order.map((field) => last[field]);
    await setImmediate();
  }
}
