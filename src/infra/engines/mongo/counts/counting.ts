import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ClientSession, type Db, type MongoClient, MongoServerError, type ReadConcern } from 'mongodb';

/** What an operation takes along to be a part of a snapshot or a transaction; nothing on a server that has neither. */
export type Within = Readonly<{ session?: ClientSession; readConcern?: ReadConcern | { level: 'snapshot' } }>;
/** `epoch` names the counters that hold: those that were made beside the collections as they stand. */
export type CountedDocument = Readonly<{ epoch: string; within: Within }>;

/** Made and dropped, dumped and restored together or not: each change of one begins another epoch. */
const OF_AN_EPOCH = ['counters', 'generations', 'questions', 'research', 'reviews'];
/** Of a snapshot that took too long, of a collection that was just made, of an index that is not there yet. */
const NO_SNAPSHOT: ReadonlySet<unknown> = new Set([239, 246, 2]);
const TRIES = 20;
const LONGEST_PAUSE_MS = 200;

/** Snapshots and transactions over the counters and what they count. They reject with the driver's errors. */
export class Counting {
  readonly #db: Db;
  readonly #ofAnEpoch: readonly string[];
  #replicated: Promise<boolean> | undefined;

  /** @param more collections of the epoch, beside those that there always were. */
  constructor(db: Db, more: readonly string[] = []) {
    this.#db = db;
    this.#ofAnEpoch = [...OF_AN_EPOCH, ...more];
  }

  /** Reads as of one moment; in the `plain` way where there are no counters to go by. */
  async read<T>(counted: (at: CountedDocument) => Promise<T>, plain: () => Promise<T>): Promise<T> {
    const epoch = await this.epoch();
    if (epoch === undefined) return plain();
    const session = this.#client.startSession({ snapshot: true });
    try {
      // The level of the client would win over that of the session.
      return await counted({ epoch, within: { session, readConcern: { level: 'snapshot' } } });
    } catch (error) {
      if (!(error instanceof MongoServerError && NO_SNAPSHOT.has(error.code))) throw error;
    } finally {
      await session.endSession();
    }
    return plain();
  }

  /** Writes all of it or nothing, again where others write the same. `write` hears nothing where there are no counters. */
  async change<T>(write: (at: CountedDocument | undefined) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const epoch = await this.epoch();
      if (epoch === undefined) return write(undefined);
      try {
        return await this.#transaction((within) => write({ epoch, within }));
      } catch (error) {
        if (tries === TRIES || !isConflict(error)) throw error;
        await setTimeout(Math.random() * LONGEST_PAUSE_MS);
      }
    }
  }

  /** `undefined` on a single server, which has no transactions, and where a collection is missing. */
  async epoch(): Promise<string | undefined> {
    if (!(await this.#hasTransactions())) return undefined;
    const filter = { name: { $in: [...this.#ofAnEpoch] } };
    const found = await this.#db.listCollections(filter, { nameOnly: false }).toArray();
    if (found.length < this.#ofAnEpoch.length) return undefined;
    const ids = found.map(({ name, info }) => `${name} ${JSON.stringify(info?.uuid)}`);
    return createHash('sha256').update(ids.toSorted().join()).digest('hex').slice(0, 12);
  }

  async #transaction<T>(write: (within: Within) => Promise<T>): Promise<T> {
    const session = this.#client.startSession();
    try {
      session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
      const result = await write({ session });
      await session.commitTransaction();
      return result;
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      throw error;
    } finally {
      await session.endSession();
    }
  }

  get #client(): MongoClient {
    return this.#db.client;
  }

  #hasTransactions(): Promise<boolean> {
    this.#replicated ??= this.#hello();
    // Asked again after an outage.
    this.#replicated.catch(() => {
      this.#replicated = undefined;
    });
    return this.#replicated;
  }

  async #hello(): Promise<boolean> {
    const { setName, msg } = await this.#db.admin().command({ hello: 1 });
    return setName !== undefined || msg === 'isdbgrid';
  }
}

/** https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md#transienttransactionerror */
function isConflict(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return error.hasErrorLabel('TransientTransactionError') || NO_SNAPSHOT.has(error.code);
}
