import { DatabaseSync } from 'node:sqlite';
import { classifySqlite } from '../engines/sqlite/failure.ts';
import { makePrivate } from '../engines/sqlite/private-file.ts';

/** A lock that nobody refers to would be collected as garbage, and with it the operating system's. */
const held = new Set<OsLock>();

/**
 * A lock on a file of its own, by SQLite: the operating system drops it when the process ends, however it ends, so it is
 * never stale.
 */
export class OsLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    held.add(this);
  }

  /** `undefined` where another one holds it, in whatever process. Throws a Failure for a file that cannot be locked. */
  static take(path: string): OsLock | undefined {
    makePrivate(path);
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(path);
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return new OsLock(db);
    } catch (error) {
      db?.close();
      const failure = classifySqlite(error, path);
      if (failure.code === 'store_busy') return undefined;
      throw failure;
    }
  }

  release(): void {
    held.delete(this);
    this.#db.close();
  }
}
