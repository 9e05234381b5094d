import { z } from 'zod';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import {
  LISTED_SECONDS,
  type ListedWorker,
  type WorkerBook,
  type WorkerState,
  workerStateSchema,
} from '../../../../stages/store/worker-book.ts';
import type { Database } from '../database.ts';

const row = z.object({ state: jsonText(workerStateSchema), age: z.number() });

const NOW = "unixepoch('subsec')";

/** The processes on this data directory, by SQLite's clock. */
export class SqliteWorkerBook implements WorkerBook {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async show(worker: WorkerState): Promise<void> {
    const upsert = this.#db.prepare(
      `INSERT INTO workers (id, state, seen) VALUES (?, ?, ${NOW})
       ON CONFLICT DO UPDATE SET state = excluded.state, seen = excluded.seen`,
    );
    const sweep = this.#db.prepare(`DELETE FROM workers WHERE seen < ${NOW} - 3600`);
    await this.#db.write(() => {
      upsert.run(worker.id, JSON.stringify(worker));
      sweep.run();
    });
  }

  async remove(id: string): Promise<void> {
    const remove = this.#db.prepare('DELETE FROM workers WHERE id = ?');
    await this.#db.write(() => remove.run(id));
  }

  async list(): Promise<readonly ListedWorker[]> {
    return listWorkers(this.#db);
  }
}

/** As `list` of the book. */
export function listWorkers(db: Pick<Database, 'prepare'>): readonly ListedWorker[] {
  const rows = db
    .prepare(
      `SELECT state, max(0, ${NOW} - seen) AS age FROM workers WHERE ${NOW} - seen <= ?
       ORDER BY json_extract(state, '$.host'), id`,
    )
    .all(LISTED_SECONDS);
  return rows.map((each) => {
    const { state, age } = readStored(row, each);
    return { worker: state, seenSecondsAgo: age };
  });
}
