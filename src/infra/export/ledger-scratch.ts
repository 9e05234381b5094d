import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { isRetraction, type LedgerRecord } from '../../stages/dataset/ledger.ts';
import { onScratch, scratchRows } from './scratch-failure.ts';

/** Where a record was first written, and whether it is one of those that are asked for. */
export type ScratchPlace = Readonly<{ offset: bigint; recent: boolean }>;

const rowSchema = z.object({ value: z.string(), recent: z.number() });

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
         offset INTEGER NOT NULL, recent INTEGER NOT NULL, value TEXT NOT NULL
       ) STRICT; BEGIN`,
    );
    // Whatever comes first: of the same record twice the earlier one counts, since it is not new by coming twice.
    const wins = '(excluded.revision, excluded.retracted, -excluded.offset) > (revision, retracted, -offset)';
    const better = (name: string) => `${name} = iif(${wins}, excluded.${name}, ${name})`;
    this.#put = this.#db.prepare(
      `INSERT INTO counted (question_id, revision, retracted, approved, offset, recent, value)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (question_id) DO UPDATE SET approved = max(approved, excluded.approved),
         ${['revision', 'retracted', 'offset', 'recent', 'value'].map(better).join(', ')}`,
    );
    this.#drop = this.#db.prepare('DELETE FROM counted WHERE question_id = ?');
  }

  put(record: LedgerRecord, text: string, { offset, recent }: ScratchPlace): void {
    const retracted = isRetraction(record) ? 1 : 0;
    const values = [
      record.questionId,
      record.revision,
      retracted,
      1 - retracted,
      offset,
      recent ? 1 : 0,
      text,
    ];
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
  *rows(): Generator<Readonly<{ text: string; recent: boolean }>> {
    const sql = 'SELECT value, recent FROM counted WHERE retracted = 0 ORDER BY question_id';
    for (const row of scratchRows(this.#db.prepare(sql))) {
      const { value, recent } = rowSchema.parse(row);
      yield { text: value, recent: recent === 1 };
    }
  }

  close(): void {
    this.#db.close();
  }
}
