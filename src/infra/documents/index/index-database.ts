import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { prepared } from './prepared.ts';

/** The file of an index as SQL is told to it: each statement is prepared once. */
export class IndexDatabase {
  readonly #db: DatabaseSync;
  readonly #path: string;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Record<string, SQLOutputValue>[] {
    return prepared(this.#db, sql).all(...values);
  }

  run(sql: string, ...values: readonly SQLInputValue[]) {
    return prepared(this.#db, sql).run(...values);
  }

  /** One transaction, which waits for its turn. Throws Failures. */
  write<T>(write: () => T): T {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = write();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw classifySqlite(error, this.#path);
    }
  }

  /** Leaves nothing of what was deleted in the file. Where others hold it, it is done another time. */
  shred(): void {
    try {
      this.#db.exec("INSERT INTO chunk_index (chunk_index) VALUES ('optimize')");
      this.#db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
    } catch (error) {
      const failure = classifySqlite(error, this.#path);
      if (failure.kind !== 'outage') throw failure;
    }
  }

  close(): void {
    this.#db.close();
  }
}
