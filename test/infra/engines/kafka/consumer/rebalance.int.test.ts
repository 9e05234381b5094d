import { expect, it } from 'vitest';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { openKafkaLog } from '../open-kafka-log.ts';
import { isDone, numbered, openAdmin, openedTopic } from '../opened.ts';
import { Member, Reader } from './member.ts';

const sorted = (values: Iterable<string>) => [...new Set(values)].toSorted((a, b) => Number(a) - Number(b));

await describeOnKafka('a group of two', (bootstrap) => {
  it('shares the partitions, and gives them back to the one that stays', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 4);
    const first = new Member(log, topic, group);
    await first.consumer.start();
    expect(first.owned).toEqual([0, 1, 2, 3]);
    const second = new Member(log, topic, group);
    await second.consumer.start();
    await until('each has two', () => first.owned.length === 2 && second.owned.length === 2);
    expect([...first.owned, ...second.owned].toSorted()).toEqual([0, 1, 2, 3]);
    const held = first.owned;
    expect(first.kept.toSorted()).toEqual(held);
    await second.consumer.stop();
    await until('the first has all', () => first.owned.length === 4);
    expect(first.kept.toSorted()).toEqual(held);
  });

  it('commits nothing of a partition that went to the other, and goes on with what it kept', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 2);
    await log.publish(topic, numbered(20));
    const first = new Member(log, topic, group);
    await first.consumer.start();
    await until('all have come', () => first.records.length === 20);
    const second = new Member(log, topic, group);
    await second.consumer.start();
    await until('each has one', () => first.owned.length === 1 && second.owned.length === 1);
    const [kept = 0] = first.owned;
    const [lost = 0] = second.owned;
    expect(await first.consumer.commit(lost, 3n)).toBe('fenced');
    expect(await first.consumer.commit(kept, 2n)).toBe('committed');
    expect([...(await log.committedOffsets(group, topic))]).toEqual([[kept, 2n]]);
  });

  it('loses nothing while members come and go', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 6);
    const options = { topic, group, credits: 10, commitIntervalMs: 20 };
    const stays = new Reader(log, options);
    const seen = () => sorted([...stays.values, ...visitors.flatMap(({ values }) => values)]);
    const visitors: Reader[] = [];
    for (const round of [0, 1, 2]) {
      await log.publish(topic, numbered(300, 300 * round));
      const visitor = new Reader(log, options);
      visitors.push(visitor);
      await until(
        'the visitor takes part',
        () => visitor.values.length > 0 || seen().length === 300 * (round + 1),
      );
      await visitor.source.close();
    }
    await until('all are settled', () => seen().length === 900);
    await until('all is committed', () => isDone(log, topic, group));
    expect(seen()).toEqual(numbered(900).map(({ key }) => key));
    expect([...stays.failures, ...visitors.flatMap(({ failures }) => failures)]).toEqual([]);
  });

  it('holds no more than its credits over a rebalance, and takes the rest once it may', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 2);
    await log.publish(topic, numbered(100));
    const first = new Reader(log, { topic, group, credits: 4 }, true);
    await until('the credits are used up', () => first.source.unsettled === 4);
    const second = new Reader(log, { topic, group, credits: 4 }, true);
    await until('the second has its credits out', () => second.source.unsettled === 4);
    await until('the first has its credits out', () => first.source.unsettled === 4);
    // What the first had of the other partition is settled by nobody but the second.
    expect(first.held.length).toBeLessThanOrEqual(8);
    first.release();
    second.release();
    await until('all is committed', () => isDone(log, topic, group));
  });

  it('reads on in a partition that it lost while it was paused there and got back', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 2);
    await log.publish(topic, numbered(40));
    const first = new Reader(log, { topic, group, credits: 2 }, true);
    await until('the credits are used up', () => first.source.unsettled === 2);
    const second = new Reader(log, { topic, group, credits: 2 }, true);
    await until('the second has its credits out', () => second.source.unsettled === 2);
    await second.source.close();
    first.release();
    await until('all is committed', () => isDone(log, topic, group));
  });

  it('has no ghost of a member that was stopped while it joined', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 3);
    const stopped = new Member(log, topic, group);
    const started = stopped.consumer.start();
    await stopped.consumer.stop();
    await started;
    const stays = new Member(log, topic, group);
    await stays.consumer.start();
    expect(stays.owned).toEqual([0, 1, 2]);
    await log.publish(topic, numbered(30));
    await until('all have come', () => stays.records.length === 30);
    expect(stopped.records).toEqual([]);
    const admin = await openAdmin(bootstrap);
    const [described] = (await admin.describeGroups([group])).groups;
    expect(described?.members).toHaveLength(1);
  });

  it('starts from the beginning in a partition that was added while it ran', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 1, {
      tuning: { sessionTimeoutMs: 3_000, heartbeatIntervalMs: 200, metadataMaxAgeMs: 300 },
    });
    const reader = new Reader(log, { topic, group, credits: 5 });
    await log.publish(topic, numbered(10));
    await until('it reads', () => reader.values.length === 10);
    const admin = await openAdmin(bootstrap);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
    const publisher = openKafkaLog(bootstrap);
    // Until the new partitions have their leaders, the broker may refuse.
    await until('they are published', () =>
      publisher.publish(topic, numbered(100, 10)).then(
        () => true,
        () => false,
      ),
    );
    await publisher.close();
    expect((await log.endOffsets(topic)).size).toBe(4);
    await until('all are settled', () => sorted(reader.values).length === 110);
    expect(reader.failures).toEqual([]);
  });
});
