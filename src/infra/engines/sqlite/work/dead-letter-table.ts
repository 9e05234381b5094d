import type { StatementSync } from 'node:sqlite';
import { allAttempts, type DeadLetter, type StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';
import { readLetter } from '../repositories/letter-row.ts';
import { transactionFact } from '../transaction-fact.ts';

/** Deaths as they come, and what closes them. How letters are sent again: `letter-book.ts`. */
export class DeadLetterTable {
  readonly #db: Database;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #isForgotten: (questionId: string) => boolean;
  readonly #close: StatementSync;
  readonly #isAnyOpen: () => boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#isForgotten = forgottenMarks(db);
    this.#find = db.prepare('SELECT * FROM dead_letters WHERE id = ?');
    // A repeat of the same death changes nothing, and neither does that of an earlier drive.
    this.#put = db.prepare(
      `INSERT INTO dead_letters (id, state, stage, topic, partition, offset, key, value, headers, work, lane,
         question_id, kind, code, message, attempts, first_at, at, drive)
       VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = 'open', topic = excluded.topic, partition = excluded.partition,
         offset = excluded.offset, key = excluded.key, value = excluded.value, headers = excluded.headers,
         work = excluded.work, kind = excluded.kind, code = excluded.code, message = excluded.message,
         attempts = excluded.attempts, at = excluded.at, drive = excluded.drive, sent_at = NULL, closed_at = NULL
       WHERE excluded.drive > drive OR (excluded.drive = drive AND excluded.at <> at)`,
    );
    this.#close = db.prepare(
      "UPDATE dead_letters SET state = 'closed', closed_at = ? WHERE id = ? AND state <> 'closed'",
    );
    const open = db.prepare("SELECT 1 FROM dead_letters WHERE state <> 'closed' LIMIT 1");
    this.#isAnyOpen = transactionFact(db, () => open.get() !== undefined);
  }

  async put(letter: DeadLetter): Promise<void> {
    const { id, stage, topic, partition, offset, key, value, headers, work, kind, code, message } = letter;
    const place = [stage, topic, partition, offset, key, value, JSON.stringify(headers)] as const;
    const about = [
      work === undefined ? null : JSON.stringify(work),
      work?.lane ?? null,
      work?.questionId ?? null,
    ] as const;
    await this.#db.write(() => {
      if (this.#isForgotten(work?.questionId ?? key ?? '')) return;
      const attempts = JSON.stringify(allAttempts(this.#stored(id)?.attempts ?? [], letter.attempts));
      const why = [kind, code, message, attempts, letter.at, letter.at, letter.drive] as const;
      this.#put.run(id, ...place, ...about, ...why);
      this.#db.factsChanged();
    });
  }

  ofQuestion(lane: string, questionId: string): StoredLetter[] {
    const rows = this.#db
      .prepare('SELECT * FROM dead_letters WHERE id >= ? AND id < ?')
      .all(`${lane}/${questionId}/`, `${lane}/${questionId}0`);
    return rows.map(readLetter);
  }

  async close(id: string): Promise<void> {
    await this.#db.write(() => this.closeNow(id));
  }

  /** Only inside a write. */
  closeNow(id: string): void {
    if (this.#isAnyOpen()) this.#close.run(new Date().toISOString(), id);
  }

  #stored(id: string): StoredLetter | undefined {
    const row = this.#find.get(id);
    return row === undefined ? undefined : readLetter(row);
  }
}
