import type { SQLOutputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';

/** Rows that are read in one go: between two pages others are answered, and nothing is held in memory. */
export const PAGE_ROWS = 64;

type Row = Record<string, SQLOutputValue>;

/**
 * Rows page by page: `read` gives the next `PAGE_ROWS` rows behind `last`. No statement stays open from page to page: beside
 * an open one SQLite refuses this process' writes as soon as another process has written
 * (`SQLITE_BUSY_SNAPSHOT`, https://sqlite.org/rescode.html#busy_snapshot).
 */
export async function* rowsInPages(read: (last: Row | undefined) => readonly Row[]): AsyncGenerator<Row> {
  for (let last: Row | undefined; ; ) {
    const page = read(last);
    yield* page;
    if (page.length < PAGE_ROWS) return;
    last = page.at(-1);
    await setImmediate();
  }
}
