import { Failure } from '../../../src/streams/failure.ts';
import type { Log, LogRecord, Offset, OutgoingRecord, Subscription } from '../../../src/streams/log/log.ts';
import { FakeConsumer } from './fake-consumer.ts';

type FakeLogOptions = Readonly<{
  topic?: string;
  partitions?: readonly LogRecord[][];
  auto?: boolean;
  journal?: string[];
}>;

/** A log in memory with one topic that can be consumed; what is published elsewhere is only kept. */
export class FakeLog implements Log {
  readonly published: Readonly<{ topic: string; record: OutgoingRecord }>[] = [];
  readonly consumers: FakeConsumer[] = [];
  readonly journal: string[];
  /** Thrown by the next publishes, one each. */
  readonly publishFailures: Failure[] = [];
  readonly #topic: string;
  readonly #partitions: readonly LogRecord[][];
  readonly #auto: boolean;

  constructor({ topic = 'in', partitions = [[]], auto = false, journal = [] }: FakeLogOptions = {}) {
    this.#topic = topic;
    this.#partitions = partitions;
    this.#auto = auto;
    this.journal = journal;
  }

  /** The consumer that was made last. */
  get consumerMade(): FakeConsumer {
    const consumer = this.consumers.at(-1);
    if (consumer === undefined) throw new Failure('fatal', 'test', 'No consumer was made.');
    return consumer;
  }

  async ensureTopics(): Promise<void> {}

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    this.journal.push(`publish ${topic}`);
    const failure = this.publishFailures.shift();
    if (failure !== undefined) throw failure;
    for (const record of records) this.published.push({ topic, record });
  }

  consumer(subscription: Subscription): FakeConsumer {
    const partitions = subscription.topic === this.#topic ? this.#partitions : [[]];
    const consumer = new FakeConsumer(partitions, subscription, { auto: this.#auto, journal: this.journal });
    this.consumers.push(consumer);
    return consumer;
  }

  async endOffsets(): Promise<ReadonlyMap<number, Offset>> {
    const ends = this.#partitions.map((records): Offset => (records.at(-1)?.offset ?? -1n) + 1n);
    return new Map(ends.entries());
  }

  async beginningOffsets(): Promise<ReadonlyMap<number, Offset>> {
    return new Map(this.#partitions.map((records) => records[0]?.offset ?? 0n).entries());
  }

  async offsetsAt(): Promise<ReadonlyMap<number, Offset>> {
    return this.beginningOffsets();
  }

  async committedOffsets(): Promise<ReadonlyMap<number, Offset>> {
    return this.consumers.at(-1)?.committed ?? new Map();
  }

  async setOffsets(): Promise<void> {}

  async deleteGroup(): Promise<void> {}

  async close(): Promise<void> {}
}
