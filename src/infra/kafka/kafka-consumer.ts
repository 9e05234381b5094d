import type { EachBatchPayload, Kafka, Consumer as KafkaJsConsumer, KafkaMessage } from 'kafkajs';
import { Failure } from '../../streams/failure.ts';
import type { CommitOutcome, Consumer, LogRecord, Offset, Subscription } from '../../streams/log.ts';
import { within } from './deadline.ts';
import { classifyKafka } from './kafka-failure.ts';

const COMMIT_TIMEOUT_MS = 5_000;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;

export type ConsumerTuning = Readonly<{
  /** A member that is silent for so long is expelled. Default 30,000. */
  sessionTimeoutMs?: number | undefined;
  heartbeatIntervalMs?: number | undefined;
  rebalanceTimeoutMs?: number | undefined;
}>;

/**
 * A consumer group's member on one topic. The handler only hands over what the credits allow and returns in
 * milliseconds, so the loop of kafkajs heartbeats by itself; position (`resolveOffset`) and commit are two numbers.
 * Partitions are known from GROUP_JOIN alone: kafkajs has no revocation hook to rely on.
 */
export class KafkaConsumer implements Consumer {
  readonly #subscription: Subscription;
  readonly #consumer: KafkaJsConsumer;
  #memberId = '';
  #assigned: ReadonlySet<number> = new Set();
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(kafka: Kafka, subscription: Subscription, tuning: ConsumerTuning = {}) {
    this.#subscription = subscription;
    this.#consumer = kafka.consumer({
      groupId: subscription.group,
      allowAutoTopicCreation: false,
      sessionTimeout: tuning.sessionTimeoutMs ?? 30_000,
      heartbeatInterval: tuning.heartbeatIntervalMs ?? 3_000,
      rebalanceTimeout: tuning.rebalanceTimeoutMs ?? 60_000,
      // With every partition of a broker paused, a resume is seen after one such wait.
      maxWaitTimeInMs: 250,
      maxBytesPerPartition: 512 * 1_024,
      // With many retries a member hung for good after its coordinator restarted: let it crash and rejoin.
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
    });
  }

  async start(): Promise<void> {
    const { topic } = this.#subscription;
    const { GROUP_JOIN, CRASH } = this.#consumer.events;
    const joined = Promise.withResolvers<void>();
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#onJoined(payload.memberId, payload.memberAssignment[topic] ?? []);
      joined.resolve();
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      if (payload.restart || this.#state === 'stopped') return;
      this.#subscription.receiver.onFailed(crashed(payload.error));
    });
    try {
      await within(START_TIMEOUT_MS, `joining ${this.#subscription.group}`, this.#run(joined.promise));
    } catch (error) {
      await this.stop();
      throw classifyKafka(error, `joining the group ${this.#subscription.group}`);
    }
  }

  async #run(joined: Promise<void>): Promise<void> {
    const { topic } = this.#subscription;
    this.#state = 'started';
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.#onBatch(payload),
    });
    await joined;
  }

  pause(partition: number): void {
    this.#quietly(() => this.#consumer.pause([{ topic: this.#subscription.topic, partitions: [partition] }]));
  }

  resume(partition: number): void {
    this.#quietly(() =>
      this.#consumer.resume([{ topic: this.#subscription.topic, partitions: [partition] }]),
    );
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    // The broker checks member and generation of a commit, never who owns the partition (kafkajs #1046).
    if (this.#state !== 'started' || !this.#assigned.has(partition)) return 'fenced';
    const { topic } = this.#subscription;
    const commit = this.#consumer.commitOffsets([{ topic, partition, offset: offset.toString() }]);
    return within(COMMIT_TIMEOUT_MS, 'committing', commit).then(
      () => 'committed',
      () => 'failed',
    );
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    await within(STOP_TIMEOUT_MS, 'leaving the group', this.#consumer.disconnect()).catch(() => undefined);
  }

  #onJoined(memberId: string, partitions: readonly number[]): void {
    // Another member id means that we were expelled meanwhile: others may have gone ahead on every partition.
    const same = memberId === this.#memberId;
    const before = this.#assigned;
    this.#memberId = memberId;
    this.#assigned = new Set(partitions);
    this.#subscription.receiver.onAssigned(
      partitions.map((partition) => ({ partition, kept: same && before.has(partition) })),
    );
  }

  /** Total: what a handler throws would end the consumer for good. */
  async #onBatch({ batch, resolveOffset, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { partition, messages } = batch;
    if (!isRunning() || isStale() || !this.#assigned.has(partition)) return;
    this.#quietly(() => {
      const records = messages.map((message) => this.#recordOf(partition, message));
      const accepted = this.#subscription.receiver.onRecords(partition, records);
      const last = messages[accepted - 1];
      if (last !== undefined) resolveOffset(last.offset);
      else if (messages.length === 0) resolveOffset(batch.lastOffset());
    });
  }

  #recordOf(partition: number, { offset, key, value, headers = {}, timestamp }: KafkaMessage): LogRecord {
    return {
      topic: this.#subscription.topic,
      partition,
      offset: BigInt(offset),
      key: key === null ? null : key.toString(),
      value,
      headers: Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, headerText(each)])),
      timestampMs: Number(timestamp),
    };
  }

  /** Between a crash and the restart kafkajs has no group, and throws at every touch; the next join sets all anew. */
  #quietly(act: () => void): void {
    try {
      act();
    } catch {
      // Said above.
    }
  }
}

function headerText(value: Buffer | string | (Buffer | string)[] | undefined): string {
  if (Array.isArray(value)) return headerText(value.at(-1));
  return value === undefined ? '' : value.toString();
}

function crashed(error: Error): Failure {
  const { message } = classifyKafka(error, 'consuming');
  return new Failure('fatal', 'consumer_crashed', `${message}. The consumer cannot go on by itself.`, {
    cause: error,
  });
}
