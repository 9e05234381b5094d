import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import { MAX_RECORD_BYTES } from '../../../stages/limits.ts';
import type { AlarmSink } from '../../../streams/alarms.ts';
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
import { tellOfClock } from '../clock-skew.ts';
import { type AdminConnection, adminOf, type MixedUp } from './admin-connection.ts';
import { brokerSkewMs } from './broker-clock.ts';
import { KafkaConsumer } from './consumer/consumer.ts';
import { awaited, unreachable } from './consumer/consumer-words.ts';
import type { ConsumerTuning } from './consumer/group-member.ts';
import { committedOf, deleteGroup, setGroupOffsets } from './consumer/group-offsets.ts';
import type { HeldPartition } from './consumer/stall-watch.ts';
import { heldOf, offsetsAt, offsetsOf } from './held-partitions.ts';
import { KafkaProducer } from './producer.ts';
import { TOPIC_CONFIG } from './topic-config.ts';
import { START_WAIT_MS, waitForBrokers } from './wait-for-brokers.ts';

const NO_ALARMS: AlarmSink = { raise: () => undefined, clear: () => undefined };

export type KafkaLogOptions = Readonly<{
  kafka: Kafka;
  /** Copies of each record. Default: what the broker is set to. */
  replicationFactor?: number;
  /** How long records are kept. Default: for ever. */
  retentionMs?: number;
  /** The largest record, in bytes. Default 8 MiB. */
  maxRecordBytes?: number;
  tuning?: ConsumerTuning;
  /** Whether work is done: then the clocks are compared, and one an hour off is fatal. Default: no. */
  works?: boolean;
  /** Looks, where no broker answers as one, whether something else does. */
  mixedUp?: MixedUp;
  /** Hears of consumers that were lost, hang or have no partition, and of the end of it. */
  alarms?: AlarmSink;
  /** Hears what a person should know while all goes on: a position that jumped, a broker that is waited for. */
  onNotice?: (text: string) => void;
}>;

/** The Log on Kafka, through kafkajs. Every promise rejects with a Failure only. */
export class KafkaLog implements Log {
  readonly #options: KafkaLogOptions;
  readonly #producer: KafkaProducer;
  readonly #admin: AdminConnection;
  readonly #known = new Set<string>();
  readonly #consumers = new Set<KafkaConsumer>();
  readonly #asked = new Map<string, Promise<ReadonlyMap<number, HeldPartition>>>();

  constructor(options: KafkaLogOptions) {
    this.#options = options;
    this.#producer = new KafkaProducer(options.kafka, options.maxRecordBytes ?? MAX_RECORD_BYTES);
    this.#admin = adminOf(options.kafka, options.mixedUp);
  }

  /** The first thing that is asked of a Kafka, so it waits a while for one that is not up yet. */
  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const { tuning = {}, onNotice = () => undefined } = this.#options;
    const withinMs = tuning.startWaitMs ?? START_WAIT_MS;
    await waitForBrokers(() => this.#createMissing(topics), {
      withinMs,
      onWait: (failure, tries) => {
        if (tries === 1) onNotice(awaited(failure, withinMs));
      },
    }).catch((error: unknown) => {
      throw unreachable(error, withinMs);
    });
    if (this.#options.works !== true) return;
    const skewMs = (await brokerSkewMs(this.#options.kafka)) ?? 0;
    tellOfClock({ server: 'Kafka', skewMs, works: true }, onNotice);
  }

  async #createMissing(topics: readonly TopicSpec[]): Promise<void> {
    await this.#admin.ask('creating topics', async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = topics.filter(({ topic }) => !existing.has(topic));
      // Where another process is faster, kafkajs answers false, and all is well.
      if (missing.length > 0)
        await admin.createTopics({
          waitForLeaders: true,
          topics: missing.map((spec) => this.#configOf(spec)),
        });
      for (const { topic } of topics) this.#known.add(topic);
    });
  }

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    await this.#checkTopic(topic);
    await this.#producer.publish(topic, records);
  }

  consumer(subscription: Subscription): Consumer {
    const { kafka, tuning = {}, alarms = NO_ALARMS, onNotice = () => undefined } = this.#options;
    const consumer = new KafkaConsumer({
      kafka,
      subscription,
      tuning,
      checkTopic: (topic) => this.#checkTopic(topic),
      committed: () => this.committedOffsets(subscription.group, subscription.topic),
      held: () => this.#held(subscription.topic),
      members: () => this.#members(subscription.group),
      alarms,
      onNotice,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async beginningOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    return offsetsOf(await this.#held(topic), 'low');
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, Offset>> {
    return offsetsOf(await this.#held(topic), 'high');
  }

  offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    return this.#offsetsOf(topic, (admin) => offsetsAt(admin, topic, timestampMs));
  }

  async committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, Offset>> {
    await this.#checkTopic(topic);
    return this.#admin.ask(`reading the commits of ${group}`, (admin) => committedOf(admin, group, topic));
  }

  async setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, Offset>): Promise<void> {
    await this.#checkTopic(topic);
    await this.#admin.ask(`setting the offsets of ${group}`, (admin) =>
      setGroupOffsets(this.#options.kafka, admin, { group, topic, offsets }),
    );
  }

  async deleteGroup(group: string): Promise<void> {
    const done = await this.#admin.ask(`deleting ${group}`, (admin) => deleteGroup(admin, group));
    if (done === 'in-use') throw groupInUse(group);
  }

  /** Stops the consumers, sends what is still to be sent, and disconnects. */
  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#producer.close();
    await this.#admin.close();
  }

  /** What is asked in one turn is asked of the broker once; later answers would not hold what was published meanwhile. */
  #held(topic: string): Promise<ReadonlyMap<number, HeldPartition>> {
    const asked =
      this.#asked.get(topic) ??
      Promise.resolve().then(() => {
        this.#asked.delete(topic);
        return this.#offsetsOf(topic, (admin) => heldOf(admin, topic));
      });
    this.#asked.set(topic, asked);
    return asked;
  }

  async #offsetsOf<T>(topic: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
    await this.#checkTopic(topic);
    return this.#admin.ask(`reading the offsets of ${topic}`, ask);
  }

  async #members(group: string): Promise<number> {
    const { groups } = await this.#admin.ask(`describing ${group}`, (admin) => admin.describeGroups([group]));
    return groups[0]?.members.length ?? 0;
  }

  #configOf({ topic, partitions }: TopicSpec): ITopicConfig {
    const { replicationFactor = -1, retentionMs, maxRecordBytes } = this.#options;
    const own = { 'retention.ms': retentionMs, 'max.message.bytes': maxRecordBytes };
    const configEntries = Object.entries(TOPIC_CONFIG).map(([name, usual]) => {
      return { name, value: String(Reflect.get(own, name) ?? usual) };
    });
    // Else one broker alone would acknowledge, and could die with the only copy.
    if (replicationFactor >= 3) configEntries.push({ name: 'min.insync.replicas', value: '2' });
    return { topic, numPartitions: partitions, replicationFactor, configEntries };
  }

  /** A topic that is not there would be found out by every single request, and look like an outage. */
  async #checkTopic(topic: string): Promise<void> {
    if (this.#known.has(topic)) return;
    const topics = await this.#admin.ask('listing topics', (admin) => admin.listTopics());
    for (const each of topics) this.#known.add(each);
    if (!this.#known.has(topic))
      throw new Failure('fatal', 'unknown_topic', `There is no topic ${topic} on this Kafka.`);
  }
}
