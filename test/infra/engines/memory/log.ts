import { Failure } from '../../../../src/streams/failure.ts';
import {
  type CommitOutcome,
  type Consumer,
  groupInUse,
  type Log,
  type LogRecord,
  type Offset,
  type OutgoingRecord,
  type Subscription,
  type TopicSpec,
} from '../../../../src/streams/log/log.ts';
import type { LogAdmin, LogGroup, TopicDescription } from '../../../../src/streams/log/log-admin.ts';

type Partition = { begin: number; records: LogRecord[] };
type Offsets = Map<number, Offset>;

/** All that a log in memory holds. */
export class LogWorld {
  readonly topics = new Map<string, Partition[]>();
  readonly commits = new Map<string, Map<string, Offsets>>();
  readonly forgotten = new Set<string>();

  topic(name: string): Partition[] {
    const topic = this.topics.get(name);
    if (topic === undefined) throw new Failure('fatal', 'unknown_topic', `There is no topic ${name}.`);
    return topic;
  }

  committed(group: string, topic: string): Offsets {
    const ofGroup = this.commits.get(group) ?? new Map<string, Offsets>();
    const offsets = ofGroup.get(topic) ?? new Map<number, Offset>();
    this.commits.set(group, ofGroup.set(topic, offsets));
    return offsets;
  }

  offsets(topic: string, of: (partition: Partition) => number): Offsets {
    return new Map(this.topic(topic).map((partition, number) => [number, BigInt(of(partition))]));
  }
}

const endOf = ({ begin, records }: Partition) => begin + records.length;
const sinceOf =
  (timestampMs: number) =>
  ({ begin, records }: Partition) => {
    const first = records.findIndex((record) => record.timestampMs >= timestampMs);
    return begin + (first === -1 ? records.length : first);
  };

/** A Log in the memory of this process. */
export class MemoryLog implements Log {
  readonly #world: LogWorld;
  readonly #consumers = new Set<MemoryConsumer>();

  constructor(world: LogWorld) {
    this.#world = world;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const empty = (): Partition => ({ begin: 0, records: [] });
    for (const { topic, partitions } of topics)
      if (!this.#world.topics.has(topic))
        this.#world.topics.set(topic, Array.from({ length: partitions }, empty));
  }

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const partitions = this.#world.topic(topic);
    for (const { key, value, headers = {} } of records.filter(
      (each) => !this.#world.forgotten.has(each.key),
    )) {
      const number =
        Buffer.from(key).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7) % partitions.length;
      const partition = partitions[number];
      if (partition === undefined) continue;
      const place = { topic, partition: number, offset: BigInt(endOf(partition)), timestampMs: Date.now() };
      partition.records.push({ ...place, key, value, headers });
    }
    for (const consumer of this.#consumers) consumer.wake();
  }

  consumer(subscription: Subscription): Consumer {
    const consumer = new MemoryConsumer(this.#world, subscription, () => this.#consumers.delete(consumer));
    this.#consumers.add(consumer);
    return consumer;
  }

  async beginningOffsets(topic: string): Promise<Offsets> {
    return this.#world.offsets(topic, ({ begin }) => begin);
  }

  async endOffsets(topic: string): Promise<Offsets> {
    return this.#world.offsets(topic, endOf);
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<Offsets> {
    return this.#world.offsets(topic, sinceOf(timestampMs));
  }

  async committedOffsets(group: string, topic: string): Promise<Offsets> {
    return new Map(this.#world.commits.get(group)?.get(topic));
  }

  async setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, Offset>): Promise<void> {
    if ([...this.#consumers].some((consumer) => consumer.group === group)) throw groupInUse(group);
    for (const [partition, offset] of offsets) this.#world.committed(group, topic).set(partition, offset);
  }

  async deleteGroup(group: string): Promise<void> {
    this.#world.commits.delete(group);
  }

  async close(): Promise<void> {
    for (const consumer of this.#consumers) await consumer.stop();
  }
}

/** Owns every partition of its topic, from start to stop. */
class MemoryConsumer implements Consumer {
  readonly group: string;
  readonly #world: LogWorld;
  readonly #subscription: Subscription;
  readonly #onStopped: () => void;
  readonly #next: bigint[] = [];
  readonly #paused = new Set<number>();
  #state: 'new' | 'idle' | 'scheduled' | 'stopped' = 'new';

  constructor(world: LogWorld, subscription: Subscription, onStopped: () => void) {
    this.group = subscription.group;
    this.#world = world;
    this.#subscription = subscription;
    this.#onStopped = onStopped;
  }

  async start(): Promise<void> {
    const { group, topic, receiver } = this.#subscription;
    const committed = this.#world.committed(group, topic);
    this.#next.push(...this.#world.topic(topic).map((_, partition) => committed.get(partition) ?? 0n));
    this.#state = 'idle';
    receiver.onAssigned(this.#next.map((_, partition) => ({ partition, kept: false })));
    this.wake();
  }

  pause(partition: number): void {
    this.#paused.add(partition);
  }

  resume(partition: number): void {
    this.#paused.delete(partition);
    this.wake();
  }

  wake(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'scheduled';
    setImmediate(() => this.#deliver());
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    if (this.#state === 'stopped') return 'fenced';
    this.#world.committed(this.group, this.#subscription.topic).set(partition, offset);
    return 'committed';
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#onStopped();
  }

  #deliver(): void {
    if (this.#state !== 'scheduled') return;
    this.#state = 'idle';
    for (const [number, { records }] of this.#world.topic(this.#subscription.topic).entries()) {
      const waiting = records.filter(({ offset }) => offset >= (this.#next[number] ?? 0n)).slice(0, 64);
      if (this.#paused.has(number) || waiting.length === 0) continue;
      const accepted = this.#subscription.receiver.onRecords(number, structuredClone(waiting));
      const last = waiting[accepted - 1];
      if (last === undefined) continue;
      this.#next[number] = last.offset + 1n;
      this.wake();
    }
  }
}

/** What operators do to a log in memory. */
export class MemoryLogAdmin implements LogAdmin {
  readonly #world: LogWorld;

  constructor(world: LogWorld) {
    this.#world = world;
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    return topics.flatMap((topic) => {
      const partitions = this.#world.topics.get(topic)?.map((each, partition) => ({
        ...{ partition, begin: BigInt(each.begin), end: BigInt(endOf(each)) },
        ...{ leader: null, replicas: [], inSync: [] },
      }));
      return partitions === undefined ? [] : [{ topic, partitions, config: new Map() }];
    });
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<Offsets> {
    return this.#world.offsets(topic, sinceOf(timestampMs));
  }

  async groups(): Promise<readonly LogGroup[]> {
    return [...this.#world.commits.keys()].map((group) => ({ group, members: undefined }));
  }

  async deleteGroup(group: string): Promise<'deleted'> {
    this.#world.commits.delete(group);
    return 'deleted';
  }

  async deleteRecords(topic: string, before: ReadonlyMap<number, Offset>): Promise<void> {
    for (const [number, partition] of this.#world.topic(topic).entries()) {
      const until = Math.min(Number(before.get(number) ?? 0n), endOf(partition) - 1);
      const { length } = partition.records.splice(0, Math.max(0, until - partition.begin));
      partition.begin += length;
    }
  }

  async forgetKeys(topics: readonly string[], keys: readonly string[]): Promise<'erased'> {
    for (const key of keys) this.#world.forgotten.add(key);
    for (const partition of topics.flatMap((topic) => this.#world.topics.get(topic) ?? []))
      partition.records = partition.records.map((record) =>
        keys.includes(record.key ?? '') ? { ...record, value: null, headers: {} } : record,
      );
    return 'erased';
  }
}
