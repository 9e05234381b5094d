import type { StatementSync } from 'node:sqlite';
import type { Database } from '../database.ts';
import { transactionFact } from '../transaction-fact.ts';

/** Closes the dead letters of works that are done after all: one look in each transaction, where there are none. */
export class DeadLetterClosing {
  readonly #close: StatementSync;
  readonly #isAnyOpen: () => boolean;

  constructor(db: Database) {
    this.#close = db.prepare(
      "UPDATE dead_letters SET state = 'closed', closed_at = ? WHERE id = ? AND state <> 'closed'",
    );
    const open = db.prepare("SELECT 1 FROM dead_letters WHERE state <> 'closed' LIMIT 1");
    this.#isAnyOpen = transactionFact(db, () => open.get() !== undefined);
  }

  /** Only inside a write. */
  closeNow(id: string): void {
    if (this.#isAnyOpen()) this.#close.run(new Date().toISOString(), id);
  }
}
