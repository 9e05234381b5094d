import { z } from 'zod';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { DaySpending, HeldShare, SpendBook } from '../../../../streams/budget/spend-book.ts';
import type { Database } from '../database.ts';

const totalRow = z.object({
  spent_tokens: z.number(),
  spent_usd: z.number(),
  held_tokens: z.number(),
  held_usd: z.number(),
});

/** What was taken of each day: a row per process. */
export class SqliteSpendBook implements SpendBook {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async put({ day, holder, version, spent, held }: HeldShare): Promise<void> {
    const put = this.#db.prepare(
      `INSERT INTO spending VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         version = excluded.version, spent_tokens = excluded.spent_tokens, spent_usd = excluded.spent_usd,
         held_tokens = excluded.held_tokens, held_usd = excluded.held_usd
       WHERE excluded.version > spending.version`,
    );
    const row = [day, holder, version, spent.tokens, spent.costUsd, held.tokens, held.costUsd] as const;
    await this.#db.write(() => put.run(...row));
  }

  async total(day: string): Promise<DaySpending> {
    const sums = ['spent_tokens', 'spent_usd', 'held_tokens', 'held_usd'];
    const columns = sums.map((column) => `coalesce(sum(${column}), 0) AS ${column}`).join(', ');
    const row = readStored(
      totalRow,
      this.#db.prepare(`SELECT ${columns} FROM spending WHERE day = ?`).get(day),
    );
    return {
      spent: { tokens: row.spent_tokens, costUsd: row.spent_usd },
      held: { tokens: row.held_tokens, costUsd: row.held_usd },
    };
  }
}
