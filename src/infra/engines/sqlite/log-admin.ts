import type { Offset } from '../../../streams/log/log.ts';
import type { LogAdmin, LogGroup, TopicDescription } from '../../../streams/log/log-admin.ts';
import type { Database } from './database.ts';
import { GroupOffsets } from './group-offsets.ts';
import { recordRange } from './record-id.ts';
import { TopicTable } from './topic-table.ts';

/** Rows per transaction: nobody else has to wait longer than for these. */
const ROWS_PER_WRITE = 500;
/** Rows of one look through the table. */
const ROWS_PER_LOOK = 20_000n;

/** What operators do to the records of a SQLite file, in small transactions. */
export class EmbeddedLogAdmin implements LogAdmin {
  readonly #db: Database;
  readonly #topics: TopicTable;
  readonly #groups: GroupOffsets;

  constructor(db: Database) {
    this.#db = db;
    this.#topics = new TopicTable(db);
    this.#groups = new GroupOffsets(db);
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    return topics.flatMap((name) => {
      const topic = this.#topics.find(name);
      if (topic === undefined) return [];
      const nobodys = { leader: null, replicas: [], inSync: [] };
      const partitions = this.#topics.boundsOf(topic).map((bounds) => ({ ...bounds, ...nobodys }));
      return [{ topic: name, partitions, config: new Map() }];
    });
  }

  async offsetsAt(name: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    const topic = this.#topics.find(name);
    return topic === undefined ? new Map() : this.#topics.offsetsAt(topic, timestampMs);
  }

  async groups(): Promise<readonly LogGroup[]> {
    const rows = this.#db.prepare('SELECT DISTINCT consumer_group FROM offsets').all();
    return rows.map((row) => ({ group: String(row['consumer_group']), members: undefined }));
  }

  async deleteGroup(group: string): Promise<'deleted'> {
    await this.#db.write(() => this.#groups.drop(group));
    return 'deleted';
  }

  async deleteRecords(name: string, before: ReadonlyMap<number, Offset>): Promise<void> {
    const topic = this.#topics.find(name);
    if (topic === undefined) return;
    const remove = this.#db.prepare(
      'DELETE FROM records WHERE id IN (SELECT id FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)',
    );
    for (const { partition, end } of this.#topics.boundsOf(topic)) {
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
      const topic = this.#topics.find(name);
      if (topic === undefined) continue;
      for (const { partition, begin, end } of this.#topics.boundsOf(topic))
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
}
