import type { Collection } from 'mongodb';
import { z } from 'zod';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import {
  LISTED_SECONDS,
  type ListedWorker,
  type WorkerBook,
  type WorkerState,
  workerStateSchema,
} from '../../../../stages/store/worker-book.ts';
import type { WorkerDocument } from '../documents.ts';
import { operation } from '../operation.ts';

const rowSchema = z.object({ state: jsonText(workerStateSchema), ageMs: z.number() });

/** The processes on this database, by the server's clock. A TTL index takes out what is long gone. */
export class MongoWorkerBook implements WorkerBook {
  readonly #workers: Collection<WorkerDocument>;

  constructor(workers: Collection<WorkerDocument>) {
    this.#workers = workers;
  }

  async show(worker: WorkerState): Promise<void> {
    const set = {
      host: { $literal: worker.host },
      state: { $literal: JSON.stringify(worker) },
      seenAt: '$$NOW',
    };
    await operation('showing a worker', () =>
      this.#workers.updateOne({ _id: worker.id }, [{ $set: set }], { upsert: true }),
    );
  }

  async remove(id: string): Promise<void> {
    await operation('removing a worker', () => this.#workers.deleteOne({ _id: id }));
  }

  async list(): Promise<readonly ListedWorker[]> {
    const rows = await operation('listing the workers', () =>
      this.#workers
        .aggregate([
          { $set: { ageMs: { $max: [0, { $subtract: ['$$NOW', '$seenAt'] }] } } },
          { $match: { ageMs: { $lte: LISTED_SECONDS * 1_000 } } },
          { $sort: { host: 1, _id: 1 } },
        ])
        .toArray(),
    );
    return rows.map((row) => {
      const { state, ageMs } = readStored(rowSchema, row);
      return { worker: state, seenSecondsAgo: ageMs / 1_000 };
    });
  }
}
