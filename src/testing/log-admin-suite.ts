import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Log, OutgoingRecord } from '../streams/log/log.ts';
import type { LogAdmin } from '../streams/log/log-admin.ts';
import { Collector, textOf } from './collector.ts';
import { until } from './until.ts';

export type OpenedAdmin = Readonly<{ log: Log; admin: LogAdmin; close(): Promise<void> }>;

/** What every adapter of the port `LogAdmin` promises. `open` gives a log that no other test disturbs. */
export function describeLogAdmin(name: string, open: () => Promise<OpenedAdmin>): void {
  const openTopic = async (partitions = 1) => {
    const opened = await open();
    onTestFinished(() => opened.close());
    const topic = `admin.${randomUUID()}`;
    await opened.log.ensureTopics([{ topic, partitions }]);
    const append = (records: readonly OutgoingRecord[]) =>
      until('the topic takes records', () =>
        opened.log.publish(topic, records).then(
          () => true,
          () => false,
        ),
      );
    const publish = (...values: readonly string[]) => append(values.map((value) => ({ key: value, value })));
    const collect = async (group: string) => {
      const collector = new Collector(opened.log, { topic, group });
      onTestFinished(() => collector.consumer.stop());
      await collector.consumer.start();
      return collector;
    };
    return { ...opened, topic, append, publish, collect };
  };

  describe(`${name} for operators`, () => {
    it('describes the topics that are there, partition by partition, and no others', async () => {
      const { admin, topic, publish } = await openTopic(3);
      await publish('a', 'b', 'c', 'd');
      const [described, ...more] = await admin.describeTopics([`${topic}.none`, topic]);
      expect([described?.topic, more]).toEqual([topic, []]);
      expect(described?.partitions.map(({ partition, begin }) => [partition, begin])).toEqual([
        [0, 0n],
        [1, 0n],
        [2, 0n],
      ]);
      expect(described?.partitions.reduce((sum, { end }) => sum + end, 0n)).toBe(4n);
    });

    it('answers many questions at once', async () => {
      const { log, admin, topic, publish } = await openTopic();
      await publish('one');
      const topics = Array.from({ length: 12 }, (_, index) => `${topic}.${index}`);
      await log.ensureTopics(topics.map((each) => ({ topic: each, partitions: 1 })));
      const asked = topics.map(async (each) => [
        (await admin.describeTopics([each]))[0]?.topic,
        (await admin.offsetsAt(each, 0)).get(0),
      ]);
      expect(await Promise.all(asked)).toEqual(topics.map((each) => [each, 0n]));
    });

    it('finds the offset of a time, and the end for a time to come', async () => {
      const { admin, topic, publish } = await openTopic();
      await publish('old', 'older');
      const between = Date.now() + 1;
      await until('the clock moves on', () => Date.now() > between);
      await publish('young');
      expect(await admin.offsetsAt(topic, 0)).toEqual(new Map([[0, 0n]]));
      expect(await admin.offsetsAt(topic, between)).toEqual(new Map([[0, 2n]]));
      expect(await admin.offsetsAt(topic, Date.now() + 3_600_000)).toEqual(new Map([[0, 3n]]));
    });

    it('deletes the records before an offset, and offsets stay what they were', async () => {
      const { log, admin, topic, publish, collect } = await openTopic();
      await publish('one', 'two', 'three');
      await admin.deleteRecords(topic, new Map([[0, 2n]]));
      await admin.deleteRecords(topic, new Map([[0, 2n]]));
      const [described] = await admin.describeTopics([topic]);
      expect(described?.partitions).toMatchObject([{ begin: 2n, end: 3n }]);
      await publish('four');
      const records = await (await collect(randomUUID())).waitFor(2);
      expect(records.map((record) => [record.offset, textOf(record)])).toEqual([
        [2n, 'three'],
        [3n, 'four'],
      ]);
      expect(await log.endOffsets(topic)).toEqual(new Map([[0, 4n]]));
    });

    it('never deletes the last record of a partition', async () => {
      const { log, admin, topic, publish } = await openTopic();
      await admin.deleteRecords(topic, new Map([[0, 10n]]));
      await publish('one', 'two');
      await admin.deleteRecords(topic, new Map([[0, 10n]]));
      const [described] = await admin.describeTopics([topic]);
      expect(described?.partitions).toMatchObject([{ begin: 1n, end: 2n }]);
      await publish('three');
      expect(await log.endOffsets(topic)).toEqual(new Map([[0, 3n]]));
    });

    it('lists groups that have committed, and deletes one that nobody is in', async () => {
      const { log, admin, topic, publish, collect } = await openTopic();
      await publish('one');
      const group = `admin.${randomUUID()}`;
      const collector = await collect(group);
      await collector.waitFor(1);
      expect(await collector.consumer.commit(0, 1n)).toBe('committed');
      await collector.consumer.stop();
      expect((await admin.groups()).map((each) => each.group)).toContain(group);
      expect(await admin.deleteGroup(group)).toBe('deleted');
      expect(await admin.deleteGroup(group)).toBe('deleted');
      expect(await log.committedOffsets(group, topic)).toEqual(new Map());
      expect((await admin.groups()).map((each) => each.group)).not.toContain(group);
    });

    it('makes the values of a key go: readers find it erased, or a tombstone behind it', async () => {
      const { admin, topic, append, publish, collect } = await openTopic();
      await publish('kept', 'forgotten');
      await append([{ key: 'forgotten', value: 'once more' }]);
      const how = await admin.forgetKeys([topic, `${topic}.none`], ['forgotten', 'unheard of']);
      await publish('later');
      const collector = await collect(randomUUID());
      await until('the last one comes', () => collector.records.some((record) => textOf(record) === 'later'));
      const its = collector.records.filter(({ key }) => key === 'forgotten');
      if (how === 'erased') expect(its.map(({ value }) => value)).toEqual([null, null]);
      else expect(its.at(-1)?.value).toBeNull();
      expect(collector.records.filter(({ key }) => key === 'kept').map(textOf)).toEqual(['kept']);
      expect(collector.complaints).toEqual([]);
    });
  });
}
