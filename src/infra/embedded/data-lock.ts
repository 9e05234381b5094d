import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../streams/failure.ts';
import { makePrivate } from './private-file.ts';
import { classifySqlite } from './sqlite-failure.ts';

/** A lock that nobody refers to would be collected as garbage, and with it the operating system's. */
const held = new Set<DataLock>();

/**
 * Makes this process the only one that consumes a data directory. The lock is SQLite's lock on a file of its own: the
 * operating system drops it when the process ends, however it ends, so it is never stale. Who holds it stands in a
 * second file, for people.
 */
export class DataLock {
  readonly #db: DatabaseSync;
  readonly #holderPath: string;

  /** Throws a Failure: `data_in_use`, which names the holder, or what is wrong with the file. */
  constructor(path: string) {
    this.#holderPath = `${path}.holder`;
    makePrivate(path);
    try {
      this.#db = new DatabaseSync(path);
    } catch (error) {
      throw classifySqlite(error, path);
    }
    try {
      this.#db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    } catch (error) {
      this.#db.close();
      const failure = classifySqlite(error, path);
      if (failure.code !== 'store_busy') throw failure;
      throw new Failure('fatal', 'data_in_use', this.#inUse(), { cause: error });
    }
    writeFileSync(this.#holderPath, `process ${process.pid}, since ${new Date().toISOString()}`, {
      mode: 0o600,
    });
    held.add(this);
  }

  release(): void {
    held.delete(this);
    rmSync(this.#holderPath, { force: true });
    this.#db.close();
  }

  #inUse(): string {
    const what = 'Another millrace is working on this data directory';
    const advice =
      'Wait for it or stop it, or name another directory with --data. status and export work meanwhile.';
    return `${what} (${this.#holder()}). ${advice}`;
  }

  #holder(): string {
    try {
      return readFileSync(this.#holderPath, 'utf8').slice(0, 200);
    } catch {
      return 'it did not say which process it is';
    }
  }
}
