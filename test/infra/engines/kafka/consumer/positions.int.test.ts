import { expect, it } from 'vitest';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { isDone, numbered, openAdmin, openedTopic } from '../opened.ts';
import { Reader } from './member.ts';

await describeOnKafka("a group's position", (bootstrap) => {
  it('is the beginning again once its offsets were deleted', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 3);
    await log.publish(topic, numbered(30));
    const first = new Reader(log, { topic, group, credits: 5 });
    await until(
      'all is committed',
      async () => first.values.length === 30 && (await isDone(log, topic, group)),
    );
    await first.source.close();
    const admin = await openAdmin(bootstrap);
    await admin.deleteGroups([group]);
    expect((await log.committedOffsets(group, topic)).size).toBe(0);
    const second = new Reader(log, { topic, group, credits: 5 });
    await until('all have come again', () => second.values.length === 30);
    expect(second.values.map(Number).toSorted((a, b) => a - b)).toEqual(
      numbered(30).map(({ key }) => Number(key)),
    );
  });

  it('raises an alarm when the topic does not hold it any more, and goes on at the first record there is', async () => {
    const alarms: string[] = [];
    const raised: string[] = [];
    const { log, topic, group } = await openedTopic(bootstrap, 1, {
      onNotice: (text) => void alarms.push(text),
      alarms: { raise: (kind, subject) => void raised.push(`${kind} ${subject}`), clear: () => undefined },
    });
    await log.publish(topic, numbered(10));
    const first = new Reader(log, { topic, group, credits: 5 }, true);
    await until('some have come', () => first.held.length > 0);
    first.held[0]?.settle();
    await first.source.close();
    expect([...(await log.committedOffsets(group, topic))]).toEqual([[0, 1n]]);
    expect(alarms).toEqual([]);
    const admin = await openAdmin(bootstrap);
    // kafkajs deletes only in a topic that it was asked about before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    const second = new Reader(log, { topic, group, credits: 5 });
    await until('the rest has come', () => second.values.length === 4);
    expect(second.values).toEqual(['6', '7', '8', '9']);
    await until('the alarm is raised', () => alarms.length > 0);
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toContain(`stood at offset 1 of ${topic}/0, and its reading starts at 6`);
    expect(raised).toEqual([`records_lost ${topic}`]);
  });

  it('raises no alarm where reading goes on as it stood', async () => {
    const alarms: string[] = [];
    const { log, topic, group } = await openedTopic(bootstrap, 2, {
      onNotice: (text) => void alarms.push(text),
    });
    for (const round of [0, 1, 2]) {
      await log.publish(topic, numbered(10, 10 * round));
      const reader = new Reader(log, { topic, group, credits: 3 });
      await until(
        'all is committed',
        async () => reader.values.length >= 10 && (await isDone(log, topic, group)),
      );
      await reader.source.close();
      expect(reader.values).toHaveLength(10);
    }
    expect(alarms).toEqual([]);
  });
});
