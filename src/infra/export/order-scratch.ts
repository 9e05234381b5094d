import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { onScratch, scratchRows } from './scratch-failure.ts';

/** Where a row stood in what was asked: runs sort by their time. */
export type InputPlace = Readonly<{ run: string; position: number }>;

/**
 * Texts, put in any order and read in that of the input; those without a place last, as they came. Kept in a temporary file that
 * is gone with its process, so that memory does not grow with them. Throws a fatal Failure `disk_full` where its disk is full.
 */
export class OrderScratch {
  readonly #db = new DatabaseSync('');
  readonly #put: StatementSync;

  constructor() {
    this.#db.exec(
      `CREATE TABLE ordered (placed INTEGER NOT NULL, run TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
       CREATE INDEX by_place ON ordered (placed, run, position); BEGIN`,
    );
    this.#put = this.#db.prepare('INSERT INTO ordered (placed, run, position, text) VALUES (?, ?, ?, ?)');
  }

  put(place: InputPlace | undefined, text: string): void {
    const { run, position } = place ?? { run: '', position: 0 };
    onScratch(() => this.#put.run(place === undefined ? 1 : 0, run, position, text));
  }

  *texts(): Generator<string> {
    const sql = 'SELECT text FROM ordered ORDER BY placed, run, position, rowid';
    for (const { text } of scratchRows(this.#db.prepare(sql))) yield String(text);
  }

  close(): void {
    this.#db.close();
  }
}
