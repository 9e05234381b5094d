import type { Collection, Db } from 'mongodb';
import type { MakingLease } from '../../../documents/vectors/vector-index.ts';
import { operation } from '../operation.ts';
import { FREE, freeFor, leased } from './lease.ts';

type LeaseRow = Readonly<{ _id: string; writer: string; writerUntil: Date }>;

const _id = 'vectors';

/** Who makes the vectors of an index on MongoDB. */
export class MongoMakingLease implements MakingLease {
  readonly #leases: Collection<LeaseRow>;

  constructor(db: Db) {
    this.#leases = db.collection('store');
  }

  async take(holder: string): Promise<boolean> {
    await operation('taking the vectors', () =>
      this.#leases.updateOne({ _id }, { $setOnInsert: FREE }, { upsert: true }),
    );
    const { matchedCount } = await operation('taking the vectors', () =>
      this.#leases.updateOne({ _id, ...freeFor(holder) }, [
        { $set: { writer: holder, writerUntil: leased() } },
      ]),
    );
    return matchedCount === 1;
  }

  async release(holder: string): Promise<void> {
    await operation('giving the vectors free', () =>
      this.#leases.updateOne({ _id, writer: holder }, { $set: FREE }),
    );
  }
}
