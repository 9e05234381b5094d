// Node finds no export of that name in kafkajs's CommonJS.
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { Log, Offset, OutgoingRecord } from '../../../streams/log/log.ts';
import type {
  LogAdmin,
  LogGroup,
  PartitionDescription,
  TopicDescription,
} from '../../../streams/log/log-admin.ts';
import { type AdminConnection, adminOf, type MixedUp } from './admin-connection.ts';
import { brokerSkewMs } from './broker-clock.ts';
import { deleteGroup } from './consumer/group-offsets.ts';
import { heldOf, offsetsAt } from './held-partitions.ts';
import { waitForBrokers } from './wait-for-brokers.ts';

const KEYS_PER_PUBLISH = 500;
const PATIENCE_MS = 10_000;

export type KafkaServer = Readonly<{ brokers: readonly number[]; controller: number | null }>;

/** What operators do to the topics and groups of a Kafka. */
export class KafkaLogAdmin implements LogAdmin {
  readonly #admin: AdminConnection;
  readonly #kafka: Kafka;
  readonly #publish: Log['publish'];
  #last: Promise<unknown> = Promise.resolve();

  /** @param publish appends tombstones. */
  constructor(kafka: Kafka, publish: Log['publish'], mixedUp?: MixedUp) {
    this.#admin = adminOf(kafka, mixedUp);
    this.#kafka = kafka;
    this.#publish = publish;
  }

  async server(): Promise<KafkaServer> {
    const { brokers, controller } = await this.#ask('asking for the brokers', (admin) =>
      admin.describeCluster(),
    );
    return { brokers: brokers.map(({ nodeId }) => nodeId), controller };
  }

  /** By how much its clock is ahead of ours, in milliseconds; `undefined` where it does not tell. */
  clockSkewMs(): Promise<number | undefined> {
    return brokerSkewMs(this.#kafka);
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    const known = await this.#known(topics);
    if (known.length === 0) return [];
    const configs = await this.#configsOf(known);
    return this.#ask('describing topics', async (admin) => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: [...known] });
      const all: TopicDescription[] = [];
      for (const { name, partitions } of found) {
        const held = await heldOf(admin, name);
        const each = partitions.map(({ partitionId, leader, replicas, isr }): PartitionDescription => {
          const { low: begin, high: end } = held.get(partitionId) ?? { low: 0n, high: 0n };
          const own = { begin, end, leader: leader < 0 ? null : leader, replicas, inSync: isr };
          return { partition: partitionId, ...own };
        });
        each.sort((a, b) => a.partition - b.partition);
        all.push({ topic: name, partitions: each, config: configs.get(name) ?? new Map() });
      }
      return known.flatMap((name) => all.filter(({ topic }) => topic === name));
    });
  }

  offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>> {
    return this.#ask(`looking for a time in ${topic}`, (admin) => offsetsAt(admin, topic, timestampMs));
  }

  async groups(): Promise<readonly LogGroup[]> {
    return this.#ask('listing groups', async (admin) => {
      const { groups } = await admin.listGroups();
      const ids = groups
        .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
        .map(({ groupId }) => groupId);
      if (ids.length === 0) return [];
      const described = (await admin.describeGroups(ids)).groups;
      return described.map(({ groupId, members }) => ({ group: groupId, members: members.length }));
    });
  }

  deleteGroup(group: string): Promise<'deleted' | 'in-use'> {
    return this.#ask(`deleting the group ${group}`, (admin) => deleteGroup(admin, group));
  }

  async deleteRecords(topic: string, before: ReadonlyMap<number, Offset>): Promise<void> {
    const [described] = await this.describeTopics([topic]);
    const partitions = (described?.partitions ?? []).flatMap(({ partition, begin, end }) => {
      const wanted = before.get(partition) ?? 0n;
      const offset = wanted < end ? wanted : end - 1n;
      return offset > begin ? [{ partition, offset: offset.toString() }] : [];
    });
    if (partitions.length === 0) return;
    await this.#ask(`deleting records of ${topic}`, (admin) =>
      admin.deleteTopicRecords({ topic, partitions }),
    );
  }

  async forgetKeys(topics: readonly string[], keys: readonly string[]): Promise<'tombstones'> {
    const known = await this.#known(topics);
    for (let index = 0; index < keys.length; index += KEYS_PER_PUBLISH) {
      const tombstones = keys.slice(index, index + KEYS_PER_PUBLISH).map((key) => ({ key, value: null }));
      await Promise.all(known.map((topic) => this.#append(topic, tombstones)));
    }
    return 'tombstones';
  }

  /** A leader that moves is back in a moment; a tombstone twice does no harm. */
  #append(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    return waitForBrokers(() => this.#publish(topic, records), { withinMs: PATIENCE_MS });
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  async #known(topics: readonly string[]): Promise<readonly string[]> {
    const existing = new Set(await this.#ask('listing topics', (admin) => admin.listTopics()));
    return topics.filter((topic) => existing.has(topic));
  }

  async #configsOf(topics: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const resources = topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name }));
    const answer = await this.#ask('reading the settings of topics', (admin) =>
      admin.describeConfigs({ resources, includeSynonyms: false }),
    );
    return new Map(
      answer.resources.map(({ resourceName, configEntries }) => [
        resourceName,
        new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      ]),
    );
  }

  /** One after the other: kafkajs mixes up the metadata of topics that are asked for at once on one connection. */
  #ask<T>(doing: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
    const answer = this.#last.then(() => this.#admin.ask(doing, ask));
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
