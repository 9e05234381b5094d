import type { StatementSync } from 'node:sqlite';
import { Failure } from '../../../streams/failure.ts';
import type {
  Consumer,
  Log,
  Offset,
  OutgoingRecord,
  Subscription,
  TopicSpec,
} from '../../../streams/log/log.ts';
import { packing } from '../stored/packed-text.ts';
import { EmbeddedConsumer } from './consumer.ts';
import type { Database } from './database.ts';
import { RecentTexts } from './recent-texts.ts';
import { partitionOf, recordRange } from './record-id.ts';
import { forgottenMarks } from './repositories/forgotten-marks.ts';

const FOREIGN_WRITES_EVERY_MS = 500;

type Topic = Readonly<{ id: number; partitions: number }>;

/**
 * The Log on one SQLite file. Offsets are dense and start at 0. Consuming is for one process; any process may publish.
 * Consumers are woken by the commits of their own process; appends of other processes are noticed within half a second,
 * since SQLite has no notification across processes.
 */
export class EmbeddedLog implements Log {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #isForgotten: (questionId: string) => boolean;
  readonly #topics = new Map<string, Topic>();
  readonly #consumers = new Set<EmbeddedConsumer>();
  readonly #published = new Set<string>();
  readonly #recent = new RecentTexts();
  #watcher: NodeJS.Timeout | undefined;
  #dataVersion: unknown;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO records (id, key, value, packed, headers, timestamp_ms)
       VALUES (coalesce((SELECT max(id) FROM records WHERE id >= ? AND id < ?) + 1, ?), ?, ?, ?, ?, ?)`,
    );
    this.#insert.setReadBigInts(true);
    this.#last = db.prepare('SELECT max(id) AS id FROM records WHERE id >= ? AND id < ?');
    this.#last.setReadBigInts(true);
    this.#isForgotten = forgottenMarks(db);
    db.onAfterCommit(() => this.#wakePublished());
    db.onRollback(() => this.#published.clear());
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const insert = this.#db.prepare(
      'INSERT INTO topics (name, partitions) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
    );
    await this.#db.write(() => {
      for (const { topic, partitions } of topics) insert.run(topic, partitions);
    });
  }

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { id, partitions } = this.#topic(topic);
    const isRead = [...this.#consumers].some((consumer) => consumer.topic === topic);
    await this.#db.write(() => {
      const at = Date.now();
      for (const { key, value, headers: pairs } of records) {
        if (this.#isForgotten(key)) continue;
        const { from, to } = recordRange(id, partitionOf(key, partitions));
        const headers = pairs === undefined ? null : JSON.stringify(pairs);
        const { plain, packed } = typeof value === 'string' ? packing(value) : { plain: value, packed: null };
        const { lastInsertRowid } = this.#insert.run(from, to, from, key, plain, packed, headers, at);
        if (isRead && packed !== null && typeof value === 'string')
          this.#recent.keep(BigInt(lastInsertRowid), packed, value);
      }
      this.#published.add(topic);
    });
  }

  consumer(subscription: Subscription): Consumer {
    const { id, partitions } = this.#topic(subscription.topic);
    const onStopped = () => {
      this.#consumers.delete(consumer);
      if (this.#consumers.size === 0) clearInterval(this.#watcher);
    };
    const topic = { id, partitions, recent: this.#recent };
    const consumer = new EmbeddedConsumer(this.#db, topic, subscription, onStopped);
    this.#consumers.add(consumer);
    if (this.#consumers.size === 1) this.#watchForeignWrites();
    return consumer;
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    const { id, partitions } = this.#topic(topic);
    const ends = new Map<number, Offset>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const range = recordRange(id, partition);
      ends.set(partition, this.#endOf(range) - range.from);
    }
    return ends;
  }

  async beginningOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    return this.#firstOffsets(topic, 0);
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    return this.#firstOffsets(topic, timestampMs);
  }

  async committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, Offset>> {
    const rows = this.#db
      .prepare('SELECT partition, next FROM offsets WHERE consumer_group = ? AND topic = ?')
      .all(group, topic);
    return new Map(rows.map((row) => [Number(row['partition']), BigInt(Number(row['next']))]));
  }

  async setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, Offset>): Promise<void> {
    this.#topic(topic);
    if ([...this.#consumers].some((consumer) => consumer.group === group))
      throw new Failure('fatal', 'group_in_use', `The group ${group} is at work: its offsets cannot be set.`);
    const put = this.#db.prepare(
      `INSERT INTO offsets (consumer_group, topic, partition, next) VALUES (?, ?, ?, ?)
       ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET next = excluded.next`,
    );
    await this.#db.write(() => {
      for (const [partition, offset] of offsets) put.run(group, topic, partition, offset);
    });
  }

  async deleteGroup(group: string): Promise<void> {
    const forget = this.#db.prepare('DELETE FROM offsets WHERE consumer_group = ?');
    await this.#db.write(() => forget.run(group));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    clearInterval(this.#watcher);
  }

  #topic(name: string): Topic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const row = this.#db.prepare('SELECT id, partitions FROM topics WHERE name = ?').get(name);
    if (row === undefined)
      throw new Failure('fatal', 'unknown_topic', `There is no topic ${name} in ${this.#db.path}.`);
    const topic = { id: Number(row['id']), partitions: Number(row['partitions']) };
    this.#topics.set(name, topic);
    return topic;
  }

  /** Appended in the order of time, so the first in time is the first in place; a set-back clock is no reason to skip. */
  #firstOffsets(topic: string, timestampMs: number): ReadonlyMap<number, Offset> {
    const { id, partitions } = this.#topic(topic);
    const first = this.#db.prepare(
      'SELECT id FROM records WHERE id >= ? AND id < ? AND timestamp_ms >= ? ORDER BY id LIMIT 1',
    );
    first.setReadBigInts(true);
    const offsets = new Map<number, Offset>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const range = recordRange(id, partition);
      const found = first.get(range.from, range.to, timestampMs)?.['id'];
      const place = typeof found === 'bigint' ? found : this.#endOf(range);
      offsets.set(partition, place - range.from);
    }
    return offsets;
  }

  #endOf({ from, to }: ReturnType<typeof recordRange>): bigint {
    const last = this.#last.get(from, to)?.['id'];
    return typeof last === 'bigint' ? last + 1n : from;
  }

  #wakePublished(): void {
    if (this.#published.size === 0) return;
    for (const consumer of this.#consumers) if (this.#published.has(consumer.topic)) consumer.wake();
    this.#published.clear();
  }

  #watchForeignWrites(): void {
    const version = this.#db.prepare('PRAGMA data_version');
    this.#watcher = setInterval(() => {
      const now = version.get()?.['data_version'];
      if (now === this.#dataVersion) return;
      this.#dataVersion = now;
      for (const consumer of this.#consumers) consumer.wake();
    }, FOREIGN_WRITES_EVERY_MS);
  }
}
