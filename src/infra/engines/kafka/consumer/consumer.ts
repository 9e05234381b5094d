import type { Kafka } from 'kafkajs';
import type { AlarmSink } from '../../../../streams/alarms.ts';
import { asFailure } from '../../../../streams/failure.ts';
import type {
  CommitOutcome,
  Consumer,
  LogRecord,
  Offset,
  Subscription,
} from '../../../../streams/log/log.ts';
import { withinDeadline } from '../deadline.ts';
import { classifyKafka } from '../failure.ts';
import { offsetsOf } from '../held-partitions.ts';
import { START_WAIT_MS, waitForBrokers } from '../wait-for-brokers.ts';
import { ConsumerWatch } from './consumer-watch.ts';
import * as words from './consumer-words.ts';
import { type ConsumerTuning, GroupMember } from './group-member.ts';
import { PartitionFeed } from './partition-feed.ts';
import { PositionWatch } from './position-watch.ts';
import { Rejoins } from './rejoins.ts';
import type { HeldPartition, Stall } from './stall-watch.ts';

/** Others may take 60 s to join again. */
const JOIN_TIMEOUT_MS = 75_000;

export type KafkaConsumerOptions = Readonly<{
  kafka: Kafka;
  subscription: Subscription;
  tuning: ConsumerTuning;
  /** Rejects with a Failure when there is no such topic. */
  checkTopic(topic: string): Promise<void>;
  committed(): Promise<ReadonlyMap<number, Offset>>;
  held(): Promise<ReadonlyMap<number, HeldPartition>>;
  /** Members of the group now. */
  members(): Promise<number>;
  alarms: AlarmSink;
  onNotice(text: string): void;
}>;

/**
 * A consumer group's place on one topic, kept through crashes and stalls: when a member is lost, another one joins, for
 * as long as it takes. Partitions are known from GROUP_JOIN alone: kafkajs has no revocation hook to rely on.
 */
export class KafkaConsumer implements Consumer {
  readonly #options: KafkaConsumerOptions;
  readonly #subscription: Subscription;
  readonly #watch: PositionWatch;
  readonly #stalls: ConsumerWatch;
  readonly #rejoins = new Rejoins();
  readonly #positions = new Map<number, Offset>();
  #member: GroupMember | undefined;
  #memberId = '';
  #feeds: ReadonlyMap<number, PartitionFeed> = new Map();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #stopping = Promise.resolve();

  constructor(options: KafkaConsumerOptions) {
    const { subscription, tuning, committed, held, alarms, onNotice } = options;
    this.#options = options;
    this.#subscription = subscription;
    this.#watch = new PositionWatch({
      committed,
      begins: async () => offsetsOf(await held(), 'low'),
      onJump: (partition, from, to) => {
        onNotice(words.jumped(subscription, partition, from, to));
        alarms.raise('records_lost', subscription.topic, words.jumped(subscription, partition, from, to));
      },
    });
    this.#stalls = new ConsumerWatch({
      stallMs: tuning.stallMs,
      positions: () => this.#wanted(),
      brokers: async () => ({ held: await held(), committed: await committed() }),
      onStall: (stall) => void this.#onStall(stall),
    });
  }

  /**
   * Waits for a broker or a coordinator that is not there yet, for a bounded time. A start that a stop overtakes resolves
   * too: nothing failed.
   */
  async start(): Promise<void> {
    this.#state = 'started';
    const { tuning } = this.#options;
    try {
      await this.#enter(tuning.startWaitMs ?? START_WAIT_MS);
    } catch (error) {
      if (this.#stopped) return;
      this.#state = 'stopped';
      throw words.notJoined(this.#subscription, asFailure(error));
    }
  }

  pause(partition: number): void {
    this.#feeds.get(partition)?.pause();
  }

  resume(partition: number): void {
    this.#feeds.get(partition)?.resume();
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    // The broker checks member and generation of a commit, never who owns the partition (kafkajs #1046).
    const member = this.#member;
    if (member === undefined || !this.#owns(partition)) return 'fenced';
    if (await member.commit(partition, offset)) return 'committed';
    return this.#owns(partition) ? 'failed' : 'fenced';
  }

  async stop(): Promise<void> {
    if (this.#state === 'started') {
      this.#state = 'stopped';
      this.#stalls.stop();
      for (const feed of this.#feeds.values()) feed.end();
      for (const kind of ['consumer_lost', 'consumer_stalled', 'no_partition'] as const)
        this.#options.alarms.clear(kind, this.#subscription.topic);
      this.#stopping = this.#member?.leave() ?? Promise.resolve();
    }
    this.#state = 'stopped';
    await this.#stopping;
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }

  #owns(partition: number): boolean {
    return this.#state === 'started' && this.#feeds.has(partition);
  }

  /** Resolves once a member has joined, or the consumer was stopped. */
  async #enter(withinMs: number): Promise<void> {
    const { alarms } = this.#options;
    const { topic } = this.#subscription;
    await waitForBrokers(() => this.#tryToJoin(), {
      withinMs,
      given: () => this.#stopped,
      // The first join of a new cluster's groups often comes a moment too early.
      onWait: (failure, tries) => {
        if (tries > 1) alarms.raise('consumer_lost', topic, words.lost(this.#subscription, failure));
      },
    });
    if (!this.#stopped) this.#stalls.start();
  }

  async #tryToJoin(): Promise<void> {
    const { kafka, tuning, checkTopic } = this.#options;
    const { topic, group } = this.#subscription;
    if (this.#stopped) return;
    const member = new GroupMember({
      kafka,
      topic,
      group,
      tuning,
      heard: {
        onJoined: (memberId, partitions) => this.#onJoined(memberId, partitions),
        onBatch: (partition, first, records) => this.#onBatch(partition, first, records),
        onPosition: (partition, next) => this.#onPosition(partition, next),
        onFetched: () => this.#onFetched(),
        onCrash: (error) => void this.#onCrash(error),
      },
    });
    try {
      await checkTopic(topic);
      if (this.#stopped) return;
      this.#member = member;
      await withinDeadline(JOIN_TIMEOUT_MS, `joining ${group}`, member.join());
    } catch (error) {
      if (!this.#stopped) await member.leave();
      throw classifyKafka(error, `joining the group ${group}`, this.#memberId === '' ? 'start' : 'work');
    }
  }

  #onJoined(memberId: string, partitions: readonly number[]): void {
    if (this.#stopped) return;
    // Another member id means that we were expelled meanwhile: others may have gone ahead on every partition.
    const same = memberId === this.#memberId;
    const before = this.#feeds;
    this.#memberId = memberId;
    this.#options.alarms.clear('consumer_lost', this.#subscription.topic);
    for (const feed of before.values()) feed.end();
    this.#positions.clear();
    this.#feeds = new Map(partitions.map((partition) => [partition, this.#newFeed(partition)]));
    this.#watch.onAssigned();
    void this.#tellOfNoPartition(partitions);
    this.#subscription.receiver.onAssigned(
      partitions.map((partition) => ({ partition, kept: same && before.has(partition) })),
    );
  }

  #newFeed(partition: number): PartitionFeed {
    // kafkajs keeps what was paused over a rebalance, also of partitions that come back later.
    this.#member?.fetch(partition, true);
    return new PartitionFeed({
      deliver: (records) => this.#deliver(partition, records),
      fetch: (wanted) => this.#member?.fetch(partition, wanted),
    });
  }

  #onBatch(partition: number, first: Offset, records: readonly LogRecord[]): void {
    this.#watch.onBatch(partition, first, (records.at(-1)?.offset ?? first) + 1n);
    this.#feeds.get(partition)?.add(records);
  }

  #onPosition(partition: number, next: Offset): void {
    this.#positions.set(partition, next);
    this.#rejoins.onRead();
    this.#noStall();
  }

  #onFetched(): void {
    this.#stalls.onFetched();
    this.#rejoins.onFetched();
    this.#noStall();
  }

  #noStall(): void {
    if (this.#rejoins.count === 0) this.#options.alarms.clear('consumer_stalled', this.#subscription.topic);
  }

  #deliver(partition: number, records: readonly LogRecord[]): number {
    try {
      return this.#subscription.receiver.onRecords(partition, records);
    } catch (error) {
      this.#subscription.receiver.onFailed(asFailure(error));
      return 0;
    }
  }

  /** Where reading stands in the partitions that more is wanted of. */
  #wanted(): ReadonlyMap<number, Offset | undefined> {
    const wanted = [...this.#feeds].filter(([, feed]) => feed.wanted);
    return new Map(wanted.map(([partition]) => [partition, this.#positions.get(partition)]));
  }

  async #onCrash(error: Error): Promise<void> {
    const failure = classifyKafka(error, `consuming ${this.#subscription.topic}`);
    const worthIt = failure.kind === 'outage' && this.#rejoins.after('crash');
    const { topic, receiver } = this.#subscription;
    if (!worthIt) return receiver.onFailed(words.crashed(failure));
    this.#options.alarms.raise('consumer_lost', topic, words.lost(this.#subscription, failure));
    await this.#rejoin();
  }

  async #onStall(stall: Stall): Promise<void> {
    const { alarms } = this.#options;
    const { topic, receiver } = this.#subscription;
    const hung = this.#member;
    const worthIt = this.#rejoins.after(stall.kind);
    alarms.raise('consumer_stalled', topic, words.stalled(this.#subscription, stall));
    if (!worthIt) return receiver.onFailed(words.hopeless(this.#subscription, stall));
    await hung?.leave();
    await this.#rejoin();
  }

  /** Takes the group's place again with a new member, however long the brokers are away. */
  async #rejoin(): Promise<void> {
    this.#stalls.stop();
    try {
      await this.#enter(Number.POSITIVE_INFINITY);
    } catch (error) {
      if (!this.#stopped) this.#subscription.receiver.onFailed(asFailure(error));
    }
  }

  async #tellOfNoPartition(partitions: readonly number[]): Promise<void> {
    const { alarms, members, held } = this.#options;
    const { topic, mayBeIdle = false } = this.#subscription;
    if (partitions.length > 0 || mayBeIdle) return alarms.clear('no_partition', topic);
    const [group, there] = await Promise.all([members(), held()]).catch(() => [undefined, undefined]);
    if (this.#stopped || this.#feeds.size > 0) return;
    alarms.raise('no_partition', topic, words.noPartition(this.#subscription, group, there?.size));
  }
}
