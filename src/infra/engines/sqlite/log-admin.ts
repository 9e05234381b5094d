import type { StatementSync } from 'node:sqlite';
import type { Offset } from '../../../streams/log/log.ts';
import type {
  LogAdmin,
  LogGroup,
  PartitionDescription,
  TopicDescription,
} from '../../../streams/log/log-admin.ts';
import type { Database } from './database.ts';
import { recordRange } from './record-id.ts';

/** Rows per transaction: nobody else has to wait longer than for these. */
const ROWS_PER_WRITE = 500;
/** Rows of one look through the table. */
const ROWS_PER_LOOK = 20_000n;

type Topic = Readonly<{ name: string; id: number; partitions: number }>;

/** What operators do to the records of a SQLite file, in small transactions. */
export class EmbeddedLogAdmin implements LogAdmin {
  readonly #db: Database;
  readonly #bounds: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#bounds = db.prepare(
      'SELECT min(id) AS first, max(id) AS last FROM records WHERE id >= ? AND id < ?',
    );
    this.#bounds.setReadBigInts(true);
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    return topics.flatMap((name) => {
      const topic = this.#topic(name);
      if (topic === undefined) return [];
      return [{ topic: name, partitions: this.#partitionsOf(topic), config: new Map() }];
    });
  }

  async offsetsAt(name: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    const find = this.#db.prepare(
      'SELECT id FROM records WHERE id >= ? AND id < ? AND timestamp_ms >= ? ORDER BY id LIMIT 1',
    );
    find.setReadBigInts(true);
    const topic = this.#topic(name);
    const partitions = topic === undefined ? [] : this.#partitionsOf(topic);
    return new Map(
      partitions.map(({ partition, end }) => {
        const { from, to } = recordRange(topic?.id ?? 0, partition);
        const id = find.get(from, to, timestampMs)?.['id'];
        return [partition, typeof id === 'bigint' ? id - from : end];
      }),
    );
  }

  async groups(): Promise<readonly LogGroup[]> {
    const rows = this.#db.prepare('SELECT DISTINCT consumer_group FROM offsets').all();
    return rows.map((row) => ({ group: String(row['consumer_group']), members: undefined }));
  }

  async deleteGroup(group: string): Promise<'deleted'> {
    const remove = this.#db.prepare('DELETE FROM offsets WHERE consumer_group = ?');
    await this.#db.write(() => remove.run(group));
    return 'deleted';
  }

  async deleteRecords(name: string, before: ReadonlyMap<number, Offset>): Promise<void> {
    const topic = this.#topic(name);
    if (topic === undefined) return;
    const remove = this.#db.prepare(
      'DELETE FROM records WHERE id IN (SELECT id FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)',
    );
    for (const { partition, end } of this.#partitionsOf(topic)) {
      const wanted = before.get(partition) ?? 0n;
      const { from } = recordRange(topic.id, partition);
      const to = from + (wanted < end ? wanted : end - 1n);
      let deleted = ROWS_PER_WRITE;
      while (deleted === ROWS_PER_WRITE)
        deleted = Number((await this.#db.write(() => remove.run(from, to, ROWS_PER_WRITE))).changes);
    }
  }

  /** Empties the records where they stand, and sees to it that none of these keys is appended again. */
  async forgetKeys(topics: readonly string[], keys: readonly string[]): Promise<'erased'> {
    const list = JSON.stringify(keys);
    const mark = this.#db.prepare(
      `INSERT INTO forgotten (question_id, at, finished) SELECT value, ?, 1 FROM json_each(?) WHERE true
       ON CONFLICT DO NOTHING`,
    );
    await this.#db.write(() => {
      mark.run(new Date().toISOString(), list);
      this.#db.factsChanged();
    });
    for (const name of topics) {
      const topic = this.#topic(name);
      if (topic === undefined) continue;
      for (const { partition, begin, end } of this.#partitionsOf(topic))
        await this.#empty(recordRange(topic.id, partition).from, begin, end, list);
    }
    return 'erased';
  }

  async #empty(from: bigint, begin: Offset, end: Offset, keys: string): Promise<void> {
    const find = this.#db.prepare(
      `SELECT id FROM records WHERE id >= ? AND id < ? AND value IS NOT NULL
         AND key IN (SELECT value FROM json_each(?))`,
    );
    find.setReadBigInts(true);
    const empty = this.#db.prepare(
      'UPDATE records SET value = NULL, packed = NULL, headers = NULL WHERE id = ?',
    );
    for (let offset = begin; offset < end; offset += ROWS_PER_LOOK) {
      const found = find.all(from + offset, from + offset + ROWS_PER_LOOK, keys);
      const ids = found.flatMap(({ id }) => (typeof id === 'bigint' ? [id] : []));
      for (let index = 0; index < ids.length; index += ROWS_PER_WRITE)
        await this.#db.write(() => {
          for (const id of ids.slice(index, index + ROWS_PER_WRITE)) empty.run(id);
        });
    }
  }

  #topic(name: string): Topic | undefined {
    const row = this.#db.prepare('SELECT id, partitions FROM topics WHERE name = ?').get(name);
    if (row === undefined) return undefined;
    return { name, id: Number(row['id']), partitions: Number(row['partitions']) };
  }

  #partitionsOf({ id, partitions }: Topic): readonly PartitionDescription[] {
    return Array.from({ length: partitions }, (_, partition) => {
      const { from, to } = recordRange(id, partition);
      const { first, last } = this.#bounds.get(from, to) ?? {};
      const begin = typeof first === 'bigint' ? first - from : 0n;
      const end = typeof last === 'bigint' ? last + 1n - from : 0n;
      return { partition, begin, end, leader: null, replicas: [], inSync: [] };
    });
  }
}
