import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from '../../../streams/failure.ts';
import { OsLock } from '../../files/os-lock.ts';

/**
 * Makes this process the only one that consumes a data directory. Who holds it stands in a second file, for people.
 */
export class DataLock {
  readonly #lock: OsLock;
  readonly #holderPath: string;

  /** Throws a Failure: `data_in_use`, which names the holder, or what is wrong with the file. */
  constructor(path: string) {
    this.#holderPath = `${path}.holder`;
    const lock = OsLock.take(path);
    if (lock === undefined) throw new Failure('fatal', 'data_in_use', this.#inUse());
    this.#lock = lock;
    // Created afresh: it may be a link to somewhere.
    rmSync(this.#holderPath, { force: true });
    writeFileSync(this.#holderPath, `process ${process.pid}, since ${new Date().toISOString()}`, {
      flag: 'wx',
      mode: 0o600,
    });
  }

  release(): void {
    rmSync(this.#holderPath, { force: true });
    this.#lock.release();
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
