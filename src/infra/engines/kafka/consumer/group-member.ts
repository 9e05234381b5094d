import type { ConsumerCrashEvent, EachBatchPayload, Kafka, Consumer as KafkaJsConsumer } from 'kafkajs';
import type { LogRecord, Offset } from '../../../../streams/log/log.ts';
import { stopping } from '../../../../streams/stop.ts';
import { disconnected, withinDeadline } from '../deadline.ts';
import { logRecordOf } from '../record.ts';
import { OffsetCommits } from './offset-commits.ts';

const JOIN_GRACE_MS = 3_000;

export type ConsumerTuning = Readonly<{
  /** A member that is silent for so long is expelled. Default 30,000. */
  sessionTimeoutMs?: number | undefined;
  /** Default: a tenth of the session. */
  heartbeatIntervalMs?: number | undefined;
  rebalanceTimeoutMs?: number | undefined;
  /** Added partitions are noticed after so long. Default 60,000. */
  metadataMaxAgeMs?: number | undefined;
  /** How long a fetch waits for records. With every partition of a broker paused, a resume is seen after it. Default 250. */
  longestFetchMs?: number | undefined;
  /** How long a start waits for a broker or a coordinator that is not there yet. Default 60,000. */
  startWaitMs?: number | undefined;
  /** A consumer that has records to read, but has read none for this long, rejoins its group. Default 90,000. */
  stallMs?: number | undefined;
}>;

export type MemberOptions = Readonly<{
  kafka: Kafka;
  topic: string;
  group: string;
  tuning: ConsumerTuning;
  /** Hears of everything until the member is left. None of these may throw. */
  heard: Readonly<{
    onJoined?(memberId: string, partitions: readonly number[]): void;
    onBatch?(partition: number, first: Offset, records: readonly LogRecord[]): void;
    /** Reading of a partition came so far: the next offset. */
    onPosition?(partition: number, next: Offset): void;
    onFetched?(): void;
    /** It had joined and is gone for good; another one has to take its place. */
    onCrash?(error: Error): void;
  }>;
}>;

/**
 * One membership of a consumer group, from joining to leaving or crashing: a consumer of kafkajs that never starts again
 * by itself, so that there is one way to come back. The handler only hands over and returns in milliseconds, so the loop
 * of kafkajs heartbeats by itself; position (`resolveOffset`) and commit are two numbers.
 */
export class GroupMember {
  readonly #options: MemberOptions;
  readonly #consumer: KafkaJsConsumer;
  readonly #commits: OffsetCommits;
  readonly #joined = Promise.withResolvers<void>();
  #joining: Promise<void> = Promise.resolve();
  #partitions: readonly number[] = [];
  #everJoined = false;
  #left = false;
  #abandoned = false;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#consumer = consumerOf(options);
    this.#commits = new OffsetCommits(this.#consumer, options.topic);
    this.#joined.promise.catch(() => undefined);
    this.#listen();
  }

  /** Resolves with the first assignment; rejects with what kafkajs has to say. */
  join(): Promise<void> {
    this.#joining = this.#run();
    return this.#joining;
  }

  commit(partition: number, offset: Offset): Promise<boolean> {
    return this.#commits.commit(partition, offset);
  }

  fetch(partition: number, wanted: boolean): void {
    const place = [{ topic: this.#options.topic, partitions: [partition] }];
    try {
      if (wanted) this.#consumer.resume(place);
      else this.#consumer.pause(place);
    } catch {
      // After a crash kafkajs has no group to pause; the next member's join makes all feeds anew.
    }
  }

  /** Takes at most 11 s. A member that disconnects while it joins would join nevertheless, and nobody would see it. */
  async leave(): Promise<void> {
    this.#left = true;
    await withinDeadline(JOIN_GRACE_MS, 'joining', this.#joining).catch(() => undefined);
    this.#abandoned = true;
    await disconnected(this.#consumer);
  }

  #listen(): void {
    const { GROUP_JOIN, CRASH, FETCH, END_BATCH_PROCESS } = this.#consumer.events;
    const { topic, heard } = this.#options;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      // kafkajs does not notice a stop while it joins; an error makes it give up.
      if (this.#abandoned) throw stopping();
      this.#partitions = payload.memberAssignment[topic] ?? [];
      this.#everJoined = true;
      this.#joined.resolve();
      if (!this.#left) heard.onJoined?.(payload.memberId, this.#partitions);
    });
    this.#consumer.on(CRASH, ({ payload }) => this.#onCrash(payload));
    this.#consumer.on(FETCH, () => {
      if (!this.#left) heard.onFetched?.();
    });
    // Comes for batches of nothing but control records as well, which no handler sees.
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (!this.#left) heard.onPosition?.(payload.partition, BigInt(payload.lastOffset) + 1n);
    });
  }

  async #run(): Promise<void> {
    const { topic } = this.#options;
    if (!this.#left) await this.#consumer.connect();
    if (!this.#left) await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    if (this.#left) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // The handler does not wait, so each batch of a fetch is handled at once, in the assignment it was fetched in.
      partitionsConsumedConcurrently: 64,
      eachBatch: async (payload) => this.#onBatch(payload),
    });
    await this.#joined.promise;
  }

  /** Total: what a handler throws would end the consumer. */
  #onBatch({ batch, resolveOffset, isRunning }: EachBatchPayload): void {
    const { topic, partition, messages } = batch;
    if (this.#left || !isRunning() || !this.#partitions.includes(partition)) return;
    try {
      resolveOffset(batch.lastOffset());
    } catch {
      // kafkajs has lost the partition meanwhile: its new owner reads these records.
      return;
    }
    const first = BigInt(batch.firstOffset() ?? messages[0]?.offset ?? 0);
    this.#options.heard.onBatch?.(
      partition,
      first,
      messages.map((message) => logRecordOf(topic, partition, message)),
    );
  }

  #onCrash({ error }: ConsumerCrashEvent['payload']): void {
    this.#joined.reject(error);
    if (this.#left) return;
    this.#left = true;
    // Before that, whoever waits for the join hears of it.
    if (this.#everJoined) this.#options.heard.onCrash?.(error);
  }
}

function consumerOf({ kafka, group, tuning }: MemberOptions): KafkaJsConsumer {
  const { sessionTimeoutMs = 30_000 } = tuning;
  return kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: tuning.heartbeatIntervalMs ?? sessionTimeoutMs / 10,
    rebalanceTimeout: tuning.rebalanceTimeoutMs ?? 60_000,
    metadataMaxAge: tuning.metadataMaxAgeMs ?? 60_000,
    maxWaitTimeInMs: tuning.longestFetchMs ?? 250,
    maxBytesPerPartition: 256 * 1_024,
    retry: {
      // With many retries a member hung for good after its coordinator restarted: let it crash and rejoin.
      retries: 3,
      initialRetryTime: 100,
      maxRetryTime: 500,
      restartOnFailure: async () => false,
    },
  });
}
