import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { isRetraction, type LedgerRecord } from '../../stages/ledger.ts';
import { onScratch } from './scratch-failure.ts';

/** Where a record lies. */
export type Place = Readonly<{ partition: number; offset: bigint }>;

const rowSchema = z.object({ value: z.string(), partition: z.bigint(), offset: z.bigint() });

/**
 * What counts of a ledger, question by question: its highest revision, unless that was taken back. Kept in a temporary
 * file that is gone with its process, so that memory does not grow with the ledger. Throws a fatal Failure `disk_full`
 * where its disk is full.
 */
export class LedgerScratch {
  readonly #db = new DatabaseSync('');
  readonly #put: StatementSync;
  readonly #drop: StatementSync;

  constructor() {
    this.#db.exec(
      `CREATE TABLE counted (
         question_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, retracted INTEGER NOT NULL, approved INTEGER NOT NULL,
         partition INTEGER NOT NULL, offset INTEGER NOT NULL, value TEXT NOT NULL
       ) STRICT; BEGIN`,
    );
    // The same record again changes nothing, its offset included: it is not new by coming twice.
    this.#put = this.#db.prepare(
      `INSERT INTO counted (question_id, revision, retracted, approved, partition, offset, value)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (question_id) DO UPDATE SET revision = excluded.revision, retracted = excluded.retracted,
         approved = max(approved, excluded.approved),
         partition = excluded.partition, offset = excluded.offset, value = excluded.value
       WHERE excluded.revision > revision OR (excluded.revision = revision AND excluded.retracted > retracted)`,
    );
    this.#drop = this.#db.prepare('DELETE FROM counted WHERE question_id = ?');
  }

  put(record: LedgerRecord, text: string, { partition, offset }: Place): void {
    const retracted = isRetraction(record) ? 1 : 0;
    const values = [record.questionId, record.revision, retracted, 1 - retracted, partition, offset, text];
    onScratch(() => this.#put.run(...values));
  }

  /** The question was forgotten. */
  drop(questionId: string): void {
    onScratch(() => this.#drop.run(questionId));
  }

  /** Questions whose approval was taken back. What a person only rejected had none. */
  get retracted(): number {
    const count = this.#db.prepare('SELECT count(*) AS n FROM counted WHERE retracted = 1 AND approved = 1');
    const row = onScratch(() => count.get());
    return Number(row?.['n'] ?? 0);
  }

  /** What counts, in the order of the questions' ids: the same whatever the order of the partitions. */
  *rows(): Generator<Place & Readonly<{ text: string }>> {
    const select = this.#db.prepare(
      'SELECT value, partition, offset FROM counted WHERE retracted = 0 ORDER BY question_id',
    );
    select.setReadBigInts(true);
    const rows = select.iterate();
    // Reading, too, may first have to write what the cache holds.
    for (let row = onScratch(() => rows.next()); row.done !== true; row = onScratch(() => rows.next())) {
      const { value, partition, offset } = rowSchema.parse(row.value);
      yield { text: value, partition: Number(partition), offset };
    }
  }

  close(): void {
    this.#db.close();
  }
}
