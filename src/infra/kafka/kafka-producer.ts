import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Failure } from '../../streams/failure.ts';
import type { OutgoingRecord } from '../../streams/log.ts';
import { within } from './deadline.ts';
import { classifyKafka } from './kafka-failure.ts';

const LINGER_MS = 5;
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_CHARACTERS = 4_000_000;
const SEND_TIMEOUT_MS = 30_000;

type Pending = Readonly<{
  topic: string;
  message: Message;
  size: number;
  resolve(): void;
  reject(failure: Failure): void;
}>;

/**
 * Appends records in batches, by time and count: single sends are an order of magnitude slower. One batch is on its way
 * at a time, so records of a key keep their order. kafkajs retries nothing: an acknowledgement it keeps from before a
 * retry may be of a leader that was deposed (kafkajs #1798). Whoever publishes repeats the whole.
 */
export class KafkaProducer {
  readonly #producer: Producer;
  #pending: Pending[] = [];
  #sending = false;
  #timer: NodeJS.Timeout | undefined;
  #connected: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    });
  }

  /** Resolves once every record is acknowledged by all replicas in sync. */
  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.#enqueue(topic, record)));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#connected !== undefined) await this.#producer.disconnect().catch(() => undefined);
  }

  #enqueue(topic: string, { key, value, headers = {} }: OutgoingRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = typeof value === 'string' || value === null ? value : Buffer.from(value);
      const message = { key, value: bytes, headers: { ...headers } };
      this.#pending.push({ topic, message, size: (value?.length ?? 0) + key.length, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#sending || this.#pending.length === 0) return;
    if (this.#pending.length >= MAX_BATCH_RECORDS) void this.#flush();
    else
      this.#timer ??= setTimeout(() => {
        void this.#flush();
      }, LINGER_MS);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending) return;
    this.#sending = true;
    const batch = this.#takeBatch();
    try {
      await this.#send(batch);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      await this.#onFailed(batch, classifyKafka(error, 'publishing'));
    }
    this.#sending = false;
    this.#schedule();
  }

  #takeBatch(): Pending[] {
    let size = 0;
    const fits = this.#pending.findIndex((each, index) => {
      size += each.size;
      return index > 0 && (index >= MAX_BATCH_RECORDS || size > MAX_BATCH_CHARACTERS);
    });
    const count = fits < 0 ? this.#pending.length : fits;
    const batch = this.#pending.slice(0, count);
    this.#pending = this.#pending.slice(count);
    return batch;
  }

  async #send(batch: readonly Pending[]): Promise<void> {
    this.#connected ??= this.#producer.connect();
    await this.#connected.catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    const byTopic = Map.groupBy(batch, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, each]) => ({
      topic,
      messages: each.map(({ message }) => message),
    }));
    await within(SEND_TIMEOUT_MS, 'publishing', this.#producer.sendBatch({ topicMessages, acks: -1 }));
  }

  /** One record that the broker refuses must not take its neighbours with it. */
  async #onFailed(batch: readonly Pending[], failure: Failure): Promise<void> {
    if (failure.kind !== 'poison' || batch.length === 1) {
      for (const { reject } of batch) reject(failure);
      return;
    }
    for (const each of batch)
      await this.#send([each]).then(each.resolve, (error: unknown) =>
        each.reject(classifyKafka(error, `publishing to ${each.topic}`)),
      );
  }
}
