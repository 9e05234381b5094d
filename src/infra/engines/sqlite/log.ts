import type { StatementSync } from 'node:sqlite';
import { Failure } from '../../../streams/failure.ts';
import {
  type Consumer,
  groupInUse,
  type Log,
  type Offset,
  type OutgoingRecord,
  type Subscription,
  type TopicSpec,
} from '../../../streams/log/log.ts';
import { packing } from '../stored/packed-text.ts';
import { EmbeddedConsumer } from './consumer.ts';
import type { Database } from './database.ts';
import { GroupOffsets } from './group-offsets.ts';
import { RecentTexts } from './recent-texts.ts';
import { partitionOf, recordRange } from './record-id.ts';
import { forgottenMarks } from './repositories/forgotten-marks.ts';
import { type Topic, TopicTable } from './topic-table.ts';

const FOREIGN_WRITES_EVERY_MS = 500;

/**
 * The Log on one SQLite file. Offsets are dense and start at 0. Consuming is for one process; any process may publish.
 * Consumers are woken by the commits of their own process; appends of other processes are noticed within half a second,
 * since SQLite has no notification across processes.
 */
export class EmbeddedLog implements Log {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #topicTable: TopicTable;
  readonly #groups: GroupOffsets;
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
    this.#topicTable = new TopicTable(db);
    this.#groups = new GroupOffsets(db);
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
    const topic = { id, partitions, recent: this.#recent, groups: this.#groups };
    const consumer = new EmbeddedConsumer(this.#db, topic, subscription, onStopped);
    this.#consumers.add(consumer);
    if (this.#consumers.size === 1) this.#watchForeignWrites();
    return consumer;
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    const bounds = this.#topicTable.boundsOf(this.#topic(topic));
    return new Map(bounds.map(({ partition, end }) => [partition, end]));
  }

  async beginningOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    const bounds = this.#topicTable.boundsOf(this.#topic(topic));
    return new Map(bounds.map(({ partition, begin }) => [partition, begin]));
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    return this.#topicTable.offsetsAt(this.#topic(topic), timestampMs);
  }

  async committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, Offset>> {
    return this.#groups.of(group, topic);
  }

  async setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, Offset>): Promise<void> {
    this.#topic(topic);
    if ([...this.#consumers].some((consumer) => consumer.group === group)) throw groupInUse(group);
    await this.#db.write(() => {
      for (const [partition, offset] of offsets) this.#groups.put(group, topic, partition, offset);
    });
  }

  async deleteGroup(group: string): Promise<void> {
    await this.#db.write(() => this.#groups.drop(group));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    clearInterval(this.#watcher);
  }

  #topic(name: string): Topic {
    const topic = this.#topics.get(name) ?? this.#topicTable.find(name);
    if (topic === undefined)
      throw new Failure('fatal', 'unknown_topic', `There is no topic ${name} in ${this.#db.path}.`);
    this.#topics.set(name, topic);
    return topic;
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
