import type { Admin, Kafka } from 'kafkajs';
import { Failure } from '../../streams/failure.ts';
import type { Consumer, Log, Offset, OutgoingRecord, Subscription, TopicSpec } from '../../streams/log.ts';
import { within } from './deadline.ts';
import { type ConsumerTuning, KafkaConsumer } from './kafka-consumer.ts';
import { classifyKafka } from './kafka-failure.ts';
import { KafkaProducer } from './kafka-producer.ts';

const ADMIN_TIMEOUT_MS = 20_000;

export type KafkaLogOptions = Readonly<{
  kafka: Kafka;
  /** Copies of each record; -1 lets the broker decide. */
  replicationFactor?: number;
  /** The largest record, in bytes. */
  maxRecordBytes?: number;
  tuning?: ConsumerTuning;
}>;

const MAX_RECORD_BYTES = 8 * 1_024 * 1_024;

/** The Log on Kafka, through kafkajs. */
export class KafkaLog implements Log {
  readonly #options: KafkaLogOptions;
  readonly #producer: KafkaProducer;
  readonly #admin: Admin;
  readonly #known = new Set<string>();
  readonly #consumers = new Set<KafkaConsumer>();
  #connected: Promise<void> | undefined;

  constructor(options: KafkaLogOptions) {
    this.#options = options;
    this.#producer = new KafkaProducer(options.kafka);
    this.#admin = options.kafka.admin({ retry: { retries: 3, maxRetryTime: 2_000 } });
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#ask('creating topics', async (admin) => {
      const standing = new Set(await admin.listTopics());
      const missing = topics.filter(({ topic }) => !standing.has(topic));
      if (missing.length > 0) await this.#create(admin, missing);
      for (const { topic } of topics) this.#known.add(topic);
    });
  }

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    if (!this.#known.has(topic)) await this.#learn(topic);
    await this.#producer.publish(topic, records);
  }

  consumer(subscription: Subscription): Consumer {
    const consumer = new KafkaConsumer(this.#options.kafka, subscription, this.#options.tuning);
    this.#consumers.add(consumer);
    return consumer;
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    const ends = await this.#ask(`reading the offsets of ${topic}`, (admin) =>
      admin.fetchTopicOffsets(topic),
    );
    return new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
  }

  async committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, Offset>> {
    const groups = await this.#ask(`reading the commits of ${group}`, (admin) =>
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
    );
    const partitions = groups.flatMap(({ partitions }) => partitions);
    const known = partitions.map(({ partition, offset }): [number, Offset] => [partition, BigInt(offset)]);
    // Kafka answers -1 for a partition without a commit.
    return new Map(known.filter(([, offset]) => offset >= 0n));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#producer.close();
    if (this.#connected !== undefined) await this.#admin.disconnect().catch(() => undefined);
  }

  async #create(admin: Admin, missing: readonly TopicSpec[]): Promise<void> {
    const maxBytes = String(this.#options.maxRecordBytes ?? MAX_RECORD_BYTES);
    const create = admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ topic, partitions }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: this.#options.replicationFactor ?? -1,
        configEntries: [
          { name: 'retention.ms', value: '-1' },
          { name: 'max.message.bytes', value: maxBytes },
        ],
      })),
    });
    await create.catch((error: unknown) => {
      // Two processes may start at once; the other one was faster.
      if (!String(error instanceof AggregateError ? error.errors : error).includes('already exists'))
        throw error;
    });
  }

  /** A topic that is not there would be found out by every single send. */
  async #learn(topic: string): Promise<void> {
    const topics = await this.#ask('listing topics', (admin) => admin.listTopics());
    for (const each of topics) this.#known.add(each);
    if (!this.#known.has(topic))
      throw new Failure('fatal', 'unknown_topic', `There is no topic ${topic} on this Kafka.`);
  }

  async #ask<T>(doing: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      this.#connected ??= this.#admin.connect();
      await within(ADMIN_TIMEOUT_MS, doing, this.#connected);
      return await within(ADMIN_TIMEOUT_MS, doing, ask(this.#admin));
    } catch (error) {
      this.#connected = undefined;
      throw classifyKafka(error, doing);
    }
  }
}
