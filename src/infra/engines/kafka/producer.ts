import kafkajs, { type Message, Partitioners, type Producer, type ProducerConfig } from 'kafkajs';
import { Failure } from '../../../streams/failure.ts';
import type { OutgoingRecord } from '../../../streams/log/log.ts';
import { disconnected, withinDeadline } from './deadline.ts';
import { classifyKafka } from './failure.ts';

const LINGER_MS = 5;
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4_000_000;
/** With so many bytes waiting to be sent, who publishes waits too. */
const MAX_WAITING_BYTES = 64_000_000;
const ACKNOWLEDGE_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 30_000;

/** What of kafkajs is used here. */
type Sender = Pick<Producer, 'connect' | 'disconnect' | 'sendBatch'>;
type Senders = Readonly<{ producer(config: ProducerConfig): Sender }>;

type Pending = Readonly<{
  topic: string;
  message: Message;
  bytes: number;
  resolve(): void;
  reject(failure: Failure): void;
}>;

/**
 * Appends records in batches, by time and count: single sends are an order of magnitude slower. One batch is on its way
 * at a time, so records of a key keep their order. kafkajs retries nothing: an acknowledgement it keeps from before a
 * retry may be of a leader that was deposed (kafkajs #1798). The caller repeats the whole batch.
 */
export class KafkaProducer {
  readonly #producer: Sender;
  readonly #maxRecordBytes: number;
  readonly #waiting: Pending[] = [];
  #waitingBytes = 0;
  #room = Promise.withResolvers<void>();
  #sending: Promise<void> | undefined;
  /** Takes back the flush that is to come. */
  #cancel: (() => void) | undefined;
  #connected: Promise<void> | undefined;
  #used = false;
  #published = false;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(kafka: Senders, maxRecordBytes: number) {
    this.#maxRecordBytes = maxRecordBytes;
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    });
  }

  /** Resolves once every record is acknowledged by all replicas in sync. */
  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    while (this.#waitingBytes > MAX_WAITING_BYTES) await this.#room.promise;
    if (this.#closed) throw new Failure('fatal', 'closed', 'Kafka: publishing on a log that was closed.');
    await Promise.all(records.map((record) => this.#enqueue(topic, record)));
  }

  /** Sends what waits, then disconnects, for 8 s at most; also after a connection that failed, whose sockets may be open. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#waiting.length > 0 || this.#sending !== undefined) await this.#flush();
    if (this.#used) await disconnected(this.#producer);
  }

  #enqueue(topic: string, { key, value, headers = {} }: OutgoingRecord): Promise<void> {
    const bytes = bytesOf(key) + bytesOf(value) + headerBytes(headers);
    // The broker would refuse it, or break the connection if it is very large, which looks like an outage.
    if (bytes > this.#maxRecordBytes) return Promise.reject(this.#tooLarge(topic, bytes));
    const message = {
      key,
      value: typeof value === 'string' || value === null ? value : Buffer.from(value),
      headers: { ...headers },
    };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, message, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    if (this.#waiting.length >= MAX_BATCH_RECORDS) void this.#flush();
    else this.#cancel ??= after(this.#lingerMs(), () => void this.#flush());
  }

  /** After a quiet moment a record goes out at once: it has six such ways before it. Under load more of them share a batch. */
  #lingerMs(): number {
    return performance.now() - this.#sentAtMs > LINGER_MS ? 0 : LINGER_MS;
  }

  /** Sends one batch, or waits for the one that is on its way. Never rejects. */
  #flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#sending ??= this.#deliver(this.#takeBatch()).finally(() => {
      this.#sending = undefined;
      this.#sentAtMs = performance.now();
      this.#schedule();
    });
    return this.#sending;
  }

  #takeBatch(): readonly Pending[] {
    const most = Math.min(MAX_BATCH_BYTES, this.#maxRecordBytes / 2);
    let bytes = 0;
    let count = 0;
    for (const each of this.#waiting) {
      if (count > 0 && (count >= MAX_BATCH_RECORDS || bytes + each.bytes > most)) break;
      count += 1;
      bytes += each.bytes;
    }
    this.#waitingBytes -= bytes;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
    return this.#waiting.splice(0, count);
  }

  /** A record that the broker refuses must not take its neighbours with it: it is found by halving. */
  async #deliver(batch: readonly Pending[]): Promise<void> {
    const failure = await this.#send(batch).then(
      () => {
        this.#published = true;
        return undefined;
      },
      (error: unknown) => classifyKafka(error, 'publishing', this.#published ? 'work' : 'start'),
    );
    if (failure?.kind === 'poison' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#deliver(batch.slice(0, middle));
      await this.#deliver(batch.slice(middle));
    } else for (const { resolve, reject } of batch) failure === undefined ? resolve() : reject(failure);
  }

  async #send(batch: readonly Pending[]): Promise<void> {
    this.#used = true;
    this.#connected ??= this.#producer.connect();
    await withinDeadline(CONNECT_TIMEOUT_MS, 'connecting', this.#connected).catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    const byTopic = Map.groupBy(batch, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, each]) => ({
      topic,
      messages: each.map(({ message }) => message),
    }));
    const sent = this.#producer.sendBatch({
      topicMessages,
      acks: -1,
      timeout: ACKNOWLEDGE_TIMEOUT_MS,
      compression: kafkajs.CompressionTypes.ZSTD,
    });
    await withinDeadline(SEND_TIMEOUT_MS, 'publishing', sent);
  }

  #tooLarge(topic: string, bytes: number): Failure {
    const text = `Kafka: a record of ${bytes} bytes for ${topic} is larger than the ${this.#maxRecordBytes} that are allowed.`;
    return new Failure('poison', 'record_refused', text);
  }
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0);
}

function bytesOf(value: string | Uint8Array | null): number {
  return value === null ? 0 : Buffer.byteLength(value);
}

function after(delayMs: number, run: () => void): () => void {
  if (delayMs > 0) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  }
  const soon = setImmediate(run);
  return () => clearImmediate(soon);
}
