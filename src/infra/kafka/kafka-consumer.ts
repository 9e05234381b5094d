import type { ConsumerCrashEvent, EachBatchPayload, Kafka, Consumer as KafkaJsConsumer } from 'kafkajs';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { CommitOutcome, Consumer, LogRecord, Offset, Subscription } from '../../streams/log.ts';
import { stopping } from '../../streams/stop.ts';
import { within } from './deadline.ts';
import { classifyKafka } from './kafka-failure.ts';
import { recordOf } from './kafka-record.ts';
import { OffsetCommits } from './offset-commits.ts';
import { PartitionFeed } from './partition-feed.ts';
import { PositionWatch } from './position-watch.ts';

const START_TIMEOUT_MS = 60_000;
const JOIN_GRACE_MS = 3_000;
const STOP_TIMEOUT_MS = 8_000;

export type ConsumerTuning = Readonly<{
  /** A member that is silent for so long is expelled. Default 30,000. */
  sessionTimeoutMs?: number | undefined;
  /** Default: a tenth of the session. */
  heartbeatIntervalMs?: number | undefined;
  rebalanceTimeoutMs?: number | undefined;
  /** Added partitions are noticed after so long. Default 60,000. */
  metadataMaxAgeMs?: number | undefined;
}>;

export type KafkaConsumerOptions = Readonly<{
  kafka: Kafka;
  subscription: Subscription;
  tuning: ConsumerTuning;
  /** Rejects with a Failure when there is no such topic. */
  checkTopic(topic: string): Promise<void>;
  committed(): Promise<ReadonlyMap<number, Offset>>;
  onAlarm(text: string): void;
}>;

/**
 * A consumer group's member on one topic. The handler only hands over and returns in milliseconds, so the loop of
 * kafkajs heartbeats by itself; position (`resolveOffset`) and commit are two numbers. Partitions are known from
 * GROUP_JOIN alone: kafkajs has no revocation hook to rely on.
 */
export class KafkaConsumer implements Consumer {
  readonly #options: KafkaConsumerOptions;
  readonly #subscription: Subscription;
  readonly #consumer: KafkaJsConsumer;
  readonly #commits: OffsetCommits;
  readonly #watch: PositionWatch;
  readonly #joined = Promise.withResolvers<void>();
  #memberId = '';
  #feeds: ReadonlyMap<number, PartitionFeed> = new Map();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #crashing = false;
  #starting = Promise.resolve();
  #stopping = Promise.resolve();
  #abandoned = false;

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    this.#subscription = options.subscription;
    this.#consumer = this.#made(options);
    this.#commits = new OffsetCommits(this.#consumer, options.subscription.topic);
    this.#watch = new PositionWatch({
      committed: options.committed,
      onJump: (partition, committed, first) => options.onAlarm(this.#jumped(partition, committed, first)),
    });
  }

  #made({ kafka, subscription, tuning }: KafkaConsumerOptions): KafkaJsConsumer {
    const { sessionTimeoutMs = 30_000 } = tuning;
    return kafka.consumer({
      groupId: subscription.group,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: tuning.heartbeatIntervalMs ?? sessionTimeoutMs / 10,
      rebalanceTimeout: tuning.rebalanceTimeoutMs ?? 60_000,
      metadataMaxAge: tuning.metadataMaxAgeMs ?? 60_000,
      // With every partition of a broker paused, a resume is seen after one such wait.
      maxWaitTimeInMs: 250,
      maxBytesPerPartition: 256 * 1_024,
      retry: {
        // With many retries a member hung for good after its coordinator restarted: let it crash and rejoin.
        retries: 3,
        initialRetryTime: 100,
        maxRetryTime: 500,
        restartOnFailure: async () => !this.#stopped,
      },
    });
  }

  /** A start that a stop overtakes resolves too: nothing failed. */
  async start(): Promise<void> {
    const { GROUP_JOIN, CRASH } = this.#consumer.events;
    this.#state = 'started';
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      // kafkajs does not notice a stop while it joins; an error makes it give up.
      if (this.#abandoned) throw stopping();
      this.#onJoined(payload.memberId, payload.memberAssignment[this.#subscription.topic] ?? []);
    });
    this.#consumer.on(CRASH, ({ payload }) => this.#onCrash(payload));
    this.#starting = this.#run();
    try {
      await within(START_TIMEOUT_MS, `joining ${this.#subscription.group}`, this.#starting);
    } catch (error) {
      if (this.#stopped) return;
      this.#state = 'stopped';
      await this.#leave();
      throw classifyKafka(error, `joining the group ${this.#subscription.group}`);
    }
  }

  async #run(): Promise<void> {
    const { topic } = this.#subscription;
    await this.#options.checkTopic(topic);
    if (!this.#stopped) await this.#consumer.connect();
    if (!this.#stopped) await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    if (this.#stopped) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // The handler does not wait, so each batch of a fetch is handled at once, in the assignment it was fetched in.
      partitionsConsumedConcurrently: 64,
      eachBatch: async (payload) => this.#onBatch(payload),
    });
    await this.#joined.promise;
  }

  pause(partition: number): void {
    this.#feeds.get(partition)?.pause();
  }

  resume(partition: number): void {
    this.#feeds.get(partition)?.resume();
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    // The broker checks member and generation of a commit, never who owns the partition (kafkajs #1046).
    if (!this.#owns(partition)) return 'fenced';
    if (await this.#commits.commit(partition, offset)) return 'committed';
    return this.#owns(partition) ? 'failed' : 'fenced';
  }

  async stop(): Promise<void> {
    if (this.#state === 'started') {
      this.#state = 'stopped';
      for (const feed of this.#feeds.values()) feed.end();
      this.#stopping = this.#leave();
    }
    this.#state = 'stopped';
    await this.#stopping;
  }

  /** Takes at most 11 s. A member that disconnects while it joins would join nevertheless, and nobody would see it. */
  async #leave(): Promise<void> {
    await quietly(within(JOIN_GRACE_MS, 'joining', this.#starting));
    this.#abandoned = true;
    await quietly(within(STOP_TIMEOUT_MS, 'leaving the group', this.#consumer.disconnect()));
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }

  #owns(partition: number): boolean {
    return this.#state === 'started' && this.#feeds.has(partition);
  }

  #onJoined(memberId: string, partitions: readonly number[]): void {
    this.#joined.resolve();
    if (this.#stopped) return;
    // Another member id means that we were expelled meanwhile: others may have gone ahead on every partition.
    const same = memberId === this.#memberId;
    const before = this.#feeds;
    this.#memberId = memberId;
    this.#crashing = false;
    for (const feed of before.values()) feed.end();
    this.#feeds = new Map(partitions.map((partition) => [partition, this.#newFeed(partition)]));
    this.#watch.onAssigned();
    this.#subscription.receiver.onAssigned(
      partitions.map((partition) => ({ partition, kept: same && before.has(partition) })),
    );
  }

  #newFeed(partition: number): PartitionFeed {
    // kafkajs keeps what was paused over a rebalance, also of partitions that come back later.
    this.#fetch(partition, true);
    return new PartitionFeed({
      deliver: (records) => this.#deliver(partition, records),
      fetch: (wanted) => this.#fetch(partition, wanted),
    });
  }

  #fetch(partition: number, wanted: boolean): void {
    const place = [{ topic: this.#subscription.topic, partitions: [partition] }];
    try {
      if (wanted) this.#consumer.resume(place);
      else this.#consumer.pause(place);
    } catch {
      // Between a crash and the restart kafkajs has no group to pause; the next join makes all feeds anew.
    }
  }

  /** Total: what a handler throws would end the consumer for good. */
  #onBatch({ batch, resolveOffset, isRunning }: EachBatchPayload): void {
    const { topic, partition, messages } = batch;
    const feed = this.#feeds.get(partition);
    if (this.#stopped || !isRunning() || feed === undefined) return;
    try {
      resolveOffset(batch.lastOffset());
    } catch {
      // kafkajs has lost the partition meanwhile: whoever has it now reads these records.
      return;
    }
    this.#watch.onBatch(partition, BigInt(batch.firstOffset() ?? messages[0]?.offset ?? 0));
    feed.add(messages.map((message) => recordOf(topic, partition, message)));
  }

  #deliver(partition: number, records: readonly LogRecord[]): number {
    try {
      return this.#subscription.receiver.onRecords(partition, records);
    } catch (error) {
      this.#subscription.receiver.onFailed(asFailure(error));
      return 0;
    }
  }

  #onCrash({ error, restart }: ConsumerCrashEvent['payload']): void {
    if (this.#stopped) return;
    const { message } = classifyKafka(error, `consuming ${this.#subscription.topic}`);
    if (!restart) {
      const text = `${message}. The consumer cannot go on by itself.`;
      this.#subscription.receiver.onFailed(new Failure('fatal', 'consumer_crashed', text, { cause: error }));
    } else if (!this.#crashing) {
      this.#crashing = true;
      this.#options.onAlarm(`${message}. The consumer starts again until it works.`);
    }
  }

  #jumped(partition: number, committed: Offset, first: Offset): string {
    const { topic, group } = this.#subscription;
    return (
      `Group ${group} stood at offset ${committed} of ${topic}/${partition}, and its reading starts at ${first}: ` +
      `what lay between was deleted, or the topic was made anew.`
    );
  }
}

async function quietly(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}
