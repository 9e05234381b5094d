import { setImmediate } from 'node:timers/promises';
import type { Fields, Page, Table, Tables } from './table.ts';

const PAGE_ROWS = 64;

/** All rows of a query in order, a page of `limit` at a time: between two others are answered, and little is held in memory. */
export async function* inPages<F extends Fields, C extends Fields>(
  tables: Tables,
  table: Table<F, C>,
  query: Page<F & C> & Readonly<{ order: readonly string[] }>,
): AsyncGenerator<unknown> {
  const { limit = PAGE_ROWS } = query;
  for (let after: readonly unknown[] | undefined; ; ) {
    const rows = await tables.page(table, { ...query, after, limit });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = query.order.map((field) => last[field]);
    await setImmediate();
  }
}
