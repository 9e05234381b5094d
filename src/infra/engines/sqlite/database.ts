import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Failure } from '../../../streams/failure.ts';
import { packageFacts } from '../../package-facts.ts';
import { classifySqlite, isOfWholeFile } from './failure.ts';
import { defineFunctions } from './functions.ts';
import { MIGRATIONS } from './schema.ts';

const BUSY_TIMEOUT_MS = 5_000;
const SYNC_EVERY_MS = 1_000;
const WAIT_PER_FLUSH = 3;
const LONGEST_WAIT_MS = 10;
/** With fewer writes in the transaction before, nobody comes along by waiting. */
const CROWD = 4;

type Queued = { run: () => unknown; resolve: (value: never) => void; reject: (failure: Failure) => void };

/**
 * One SQLite file in WAL mode. Writes that arrive in the same turn of the event loop share one transaction, and resolve
 * once it is committed: from then on a kill -9 cannot undo them. The write-ahead log is synced to the disk in the
 * background, once a second, so a power cut may undo the last second.
 */
export class Database {
  readonly path: string;
  readonly #db: DatabaseSync;
  #queue: Queued[] = [];
  readonly #beforeCommit = new Set<() => void>();
  readonly #afterCommit = new Set<() => void>();
  readonly #rolledBack = new Set<() => void>();
  #wal: number | undefined;
  #dirty = false;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #flushTookMs = 0;
  #flushed = 0;
  #transaction: object | undefined;
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.path = path;
    try {
      this.#db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      this.#db.exec(
        'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 4000;',
      );
      defineFunctions(this.#db);
      this.#migrate();
    } catch (error) {
      throw classifySqlite(error, path);
    }
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /** Rewrites the file without its free space, and empties the write-ahead log. Throws SQLite's errors. */
  compact(): void {
    this.#db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
  }

  /**
   * Runs `write` in the next shared transaction, and once more where a neighbour's failure undid that one: what it changes
   * outside the file is undone by `onRollback`. Rejects with a Failure: of this write alone, or of the whole file (a full
   * disk, a file that is damaged or not to be written), which all of its transaction share.
   */
  write<T>(write: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: write, resolve: resolve as (value: never) => void, reject });
      if (this.#queue.length === 1) this.#scheduleFlush();
    });
  }

  /** The transaction at work: another object for each, and for what comes after `factsChanged` in it. */
  get transaction(): object | undefined {
    return this.#transaction;
  }

  /** A fact that is asked once in each transaction is another one from here on. Only inside a write. */
  factsChanged(): void {
    this.#transaction = {};
  }

  /** At once where few write; under load later, so that more writes share a transaction: a commit has a price. */
  #scheduleFlush(): void {
    const waitMs = Math.min(LONGEST_WAIT_MS, this.#flushTookMs * WAIT_PER_FLUSH);
    if (this.#flushed < CROWD || performance.now() - this.#flushedAtMs >= waitMs)
      setImmediate(() => this.#flush());
    else setTimeout(() => this.#flush(), waitMs);
  }

  /** Registers work that is done once per transaction, just before it is committed. */
  onBeforeCommit(listener: () => void): void {
    this.#beforeCommit.add(listener);
  }

  onRollback(listener: () => void): void {
    this.#rolledBack.add(listener);
  }

  onAfterCommit(listener: () => void): void {
    this.#afterCommit.add(listener);
  }

  /** Writes what is queued and closes the file. */
  close(): void {
    if (this.#queue.length > 0) this.#flush();
    clearTimeout(this.#syncTimer);
    if (this.#wal !== undefined) closeSync(this.#wal);
    this.#db.close();
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length > 0) this.#commit(queue);
  }

  #commit(batch: readonly Queued[]): void {
    const startMs = performance.now();
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#transaction = {};
      const results = batch.map(({ run }) => run());
      for (const listener of this.#beforeCommit) listener();
      this.#db.exec('COMMIT');
      this.#transaction = undefined;
      this.#flushedAtMs = performance.now();
      this.#flushTookMs = this.#flushedAtMs - startMs;
      this.#flushed = batch.length;
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as never);
      });
    } catch (error) {
      this.#rollback();
      this.#failed(batch, classifySqlite(error, this.path));
      return;
    }
    this.#scheduleSync();
    for (const listener of this.#afterCommit) listener();
  }

  /** One write is refused: its neighbours must not fail with it. */
  #failed(batch: readonly Queued[], failure: Failure): void {
    if (batch.length === 1 || isOfWholeFile(failure)) {
      for (const { reject } of batch) reject(failure);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    this.#commit(batch.slice(0, middle));
    this.#commit(batch.slice(middle));
  }

  #rollback(): void {
    this.#transaction = undefined;
    // SQLite has already rolled back by itself after some errors, a full disk among them.
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    for (const listener of this.#rolledBack) listener();
  }

  #scheduleSync(): void {
    this.#dirty = true;
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      this.#sync();
    }, SYNC_EVERY_MS).unref();
  }

  #sync(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#wal ??= openSync(`${this.path}-wal`, 'r');
    fdatasync(this.#wal, () => undefined);
  }

  /** Several processes may open a new file at once: the version is looked at again once the file is ours. */
  #migrate(): void {
    if (this.#version() === MIGRATIONS.length) return;
    this.#db.exec('BEGIN IMMEDIATE');
    const missing = MIGRATIONS.slice(this.#version());
    this.#db.exec(`${missing.join(';\n')}; PRAGMA user_version = ${MIGRATIONS.length};`);
    this.#db.exec('COMMIT');
  }

  #version(): number {
    const version = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) {
      const message = `${this.path} was written by a newer Millrace (store version ${version}), and this is ${packageFacts().version} (up to ${MIGRATIONS.length}): update Millrace.`;
      throw new Failure('fatal', 'newer_data', message);
    }
    return version;
  }
}
