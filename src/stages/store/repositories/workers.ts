import { z } from 'zod';
import { jsonText, readStored } from '../table/read-stored.ts';
import { put, remove, type Tables, tableOf } from '../table/table.ts';
import {
  LISTED_SECONDS,
  type ListedWorker,
  type WorkerRepository,
  type WorkerState,
  workerStateSchema,
} from '../worker-repository.ts';

/** By the id of the process; `seenAt` and the age, in seconds, are by the store's clock. */
export const WORKERS = tableOf(
  'workers',
  { id: 'text', host: 'text', state: 'text', seenAt: 'time' },
  { age: 'number' },
);
/** Those who showed themselves of late, by host and id. */
export const LISTED = {
  where: { seenAt: { gte: { now: -LISTED_SECONDS * 1_000 } } },
  order: ['host', 'id'],
} as const;
const GONE = { seenAt: { lt: { now: -3_600_000 } } };

const workerRow = z
  .object({ state: jsonText(workerStateSchema), age: z.number() })
  .transform(({ state, age }): ListedWorker => ({ worker: state, seenSecondsAgo: age }));

/** The processes at work on a store. */
export class Workers implements WorkerRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Takes what is long gone out on the way: not every store lets it expire by itself. */
  async show(worker: WorkerState): Promise<void> {
    const { id, host } = worker;
    const shown = { id, host, state: JSON.stringify(worker), seenAt: { now: 0 } };
    await this.#tables.write([put(WORKERS, shown), remove(WORKERS, GONE)]);
  }

  async remove(id: string): Promise<void> {
    await this.#tables.write([remove(WORKERS, { id })]);
  }

  async list(): Promise<readonly ListedWorker[]> {
    return (await this.#tables.page(WORKERS, LISTED)).map(listedWorker);
  }
}

/** Throws a Failure of kind `fatal` if the row is none of ours. */
export function listedWorker(row: unknown): ListedWorker {
  return readStored(workerRow, row);
}
