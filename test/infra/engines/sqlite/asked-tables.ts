import { vi } from 'vitest';
import { pageOf } from '../../../../src/infra/engines/sqlite/table/statements.ts';
import { SqliteTables } from '../../../../src/infra/engines/sqlite/table/tables.ts';
import type { Page } from '../../../../src/stages/store/table/table.ts';
import { AskingLines } from '../../../conformance/asking-lines.ts';
import type { Statements } from './query-plans.ts';

/**
 * From now on hears from which lines the tables of SQLite are asked. Of a page it tells `statements` the next one too, which a test
 * with a few rows never asks for.
 */
export function listenToTables(statements: Statements): AskingLines {
  const asking = new AskingLines();
  const { page, count, tally, write } = SqliteTables.prototype;
  vi.spyOn(SqliteTables.prototype, 'page').mockImplementation(function (this: SqliteTables, table, asked) {
    asking.hear();
    const next = nextOf(asked);
    if (next !== undefined) statements.add({ sql: pageOf(table, next).sql, site: 'table/statements.ts' });
    return page.call(this, table, asked);
  });
  vi.spyOn(SqliteTables.prototype, 'count').mockImplementation(function (this: SqliteTables, ...given) {
    asking.hear();
    return count.apply(this, given);
  });
  vi.spyOn(SqliteTables.prototype, 'tally').mockImplementation(function (this: SqliteTables, ...given) {
    asking.hear();
    return tally.apply(this, given);
  });
  vi.spyOn(SqliteTables.prototype, 'write').mockImplementation(function (this: SqliteTables, ...given) {
    asking.hear();
    return write.apply(this, given);
  });
  return asking;
}

function nextOf(page: Page): Page | undefined {
  const { order, limit, after } = page;
  if (order === undefined || limit === undefined || after !== undefined) return undefined;
  return { ...page, after: order.map(() => '0') };
}
