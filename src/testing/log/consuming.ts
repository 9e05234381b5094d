import { describe, expect, it } from 'vitest';
import { textOf } from '../collector.ts';
import { failureOf } from '../failure-of.ts';
import { until } from '../until.ts';
import type { OpenRig } from './rig.ts';

/** Groups, committed offsets and back-pressure. */
export function describeConsuming(openRig: OpenRig): void {
  describe('consuming', () => {
    it('owns every partition of the topic as the only member of its group', async () => {
      const rig = await openRig(3);
      const { assigned } = await rig.collect(rig.newGroup());
      expect(assigned.toSorted()).toEqual([0, 1, 2]);
    });

    it('reads from the beginning where nothing was committed, and goes on with what comes later', async () => {
      const rig = await openRig();
      await rig.publishTexts(['0', '1']);
      const collector = await rig.collect(rig.newGroup());
      await collector.waitFor(2);
      await rig.publishTexts(['2']);
      expect((await collector.waitFor(3)).map(textOf)).toEqual(['0', '1', '2']);
      expect(collector.complaints).toEqual([]);
    });

    it('reads from the beginning again when it was read and not committed', async () => {
      const rig = await openRig();
      const group = rig.newGroup();
      await rig.publishTexts(numbers(5));
      await (await rig.collect(group)).waitFor(5);
      await rig.restart();
      expect((await (await rig.collect(group)).waitFor(5)).map(textOf)).toEqual(numbers(5));
    });

    it('goes on at the committed offset after a restart, partition by partition', async () => {
      const rig = await openRig(2);
      const group = rig.newGroup();
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
      await rig.publish(...keys.map((key) => ({ key, value: key })));
      const first = await rig.collect(group);
      await first.waitFor(20);
      const watermark = first.of(0).at(3)?.offset ?? 0n;
      expect(await first.consumer.commit(0, watermark)).toBe('committed');
      const left = first.records.filter(({ partition, offset }) => partition === 1 || offset >= watermark);
      await rig.restart();
      const second = await rig.collect(group);
      await second.waitFor(left.length);
      await rig.publish(...keys.map((key) => ({ key, value: `${key} later` })));
      const records = await second.waitFor(left.length + 20);
      const earlier = records.filter((record) => textOf(record)?.includes('later') !== true);
      expect(earlier.map(textOf).toSorted()).toEqual(left.map(textOf).toSorted());
    });

    it('knows the committed offsets of a group, and none of a partition that never committed', async () => {
      const rig = await openRig(2);
      const group = rig.newGroup();
      expect((await rig.log.committedOffsets(group, rig.topic)).size).toBe(0);
      await rig.publish(...numbers(20).map((value) => ({ key: value, value })));
      const { consumer } = await rig.collect(group);
      expect(await consumer.commit(1, 2n)).toBe('committed');
      expect(await consumer.commit(1, 3n)).toBe('committed');
      expect([...(await rig.log.committedOffsets(group, rig.topic))]).toEqual([[1, 3n]]);
      await rig.restart();
      expect([...(await rig.log.committedOffsets(group, rig.topic))]).toEqual([[1, 3n]]);
    });

    it('commits nothing any more once it has stopped', async () => {
      const rig = await openRig();
      const group = rig.newGroup();
      await rig.publishTexts(numbers(3));
      const { consumer } = await rig.collect(group);
      await consumer.commit(0, 1n);
      await consumer.stop();
      expect(await consumer.commit(0, 3n)).not.toBe('committed');
      expect((await rig.log.committedOffsets(group, rig.topic)).get(0)).toBe(1n);
    });

    it('gives nothing more once it has stopped, however often that is said', async () => {
      const rig = await openRig();
      const stopped = await rig.collect(rig.newGroup());
      await stopped.consumer.stop();
      await stopped.consumer.stop();
      await rig.publishTexts(numbers(3));
      await (await rig.collect(rig.newGroup())).waitFor(3);
      expect(stopped.records).toEqual([]);
    });

    it('keeps two groups apart: each reads everything and commits for itself', async () => {
      const rig = await openRig();
      const [one, two] = [rig.newGroup(), rig.newGroup()];
      await rig.publishTexts(numbers(4));
      const first = await rig.collect(one);
      await first.waitFor(4);
      await first.consumer.commit(0, 4n);
      const second = await rig.collect(two);
      expect((await second.waitFor(4)).map(textOf)).toEqual(numbers(4));
      expect((await rig.log.committedOffsets(two, rig.topic)).size).toBe(0);
    });
  });

  describe('positions', () => {
    it('name the first record at a time or later, and the end where there is none', async () => {
      const rig = await openRig(2);
      const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
      await rig.publish(...keys.map((key) => ({ key, value: 'early' })));
      const ends = await rig.log.endOffsets(rig.topic);
      const lastMs = Math.max(
        ...(await (await rig.collect(rig.newGroup())).waitFor(10)).map(({ timestampMs }) => timestampMs),
      );
      await until('the clock goes on', () => Date.now() > lastMs);
      await rig.publish(...keys.map((key) => ({ key, value: 'late' })));
      expect(sorted(await rig.log.offsetsAt(rig.topic, 0))).toEqual([
        [0, 0n],
        [1, 0n],
      ]);
      expect(sorted(await rig.log.offsetsAt(rig.topic, lastMs + 1))).toEqual(sorted(ends));
      const after = await rig.log.offsetsAt(rig.topic, Date.now() + 3_600_000);
      expect(sorted(after)).toEqual(sorted(await rig.log.endOffsets(rig.topic)));
      expect(sorted(await rig.log.beginningOffsets(rig.topic))).toEqual([
        [0, 0n],
        [1, 0n],
      ]);
    });

    it('of a group can be set before it starts, and it reads on from there', async () => {
      const rig = await openRig(2);
      const group = rig.newGroup();
      await rig.publish(...numbers(40).map((value) => ({ key: value, value })));
      const ends = await rig.log.endOffsets(rig.topic);
      const wanted = new Map([
        [0, 3n],
        [1, ends.get(1) ?? 0n],
      ]);
      await rig.log.setOffsets(group, rig.topic, wanted);
      expect(sorted(await rig.log.committedOffsets(group, rig.topic))).toEqual(sorted(wanted));
      const collector = await rig.collect(group);
      const left = Number(ends.get(0) ?? 0n) - 3;
      const records = await collector.waitFor(left);
      expect(records.map(({ partition }) => partition)).toEqual(Array.from({ length: left }, () => 0));
      expect(records[0]?.offset).toBe(3n);
    });

    it('of a group that is at work cannot be set', async () => {
      const rig = await openRig();
      const group = rig.newGroup();
      await rig.publishTexts(numbers(3));
      await (await rig.collect(group)).waitFor(3);
      const failure = await failureOf(() => rig.log.setOffsets(group, rig.topic, new Map([[0, 1n]])));
      expect(failure.code).toBe('group_in_use');
    });

    it('of a group are forgotten with it, and forgetting it twice is fine', async () => {
      const rig = await openRig();
      const [group, other] = [rig.newGroup(), rig.newGroup()];
      await rig.publishTexts(numbers(3));
      for (const each of [group, other]) await rig.log.setOffsets(each, rig.topic, new Map([[0, 2n]]));
      await rig.log.deleteGroup(group);
      await rig.log.deleteGroup(group);
      expect((await rig.log.committedOffsets(group, rig.topic)).size).toBe(0);
      expect((await rig.log.committedOffsets(other, rig.topic)).get(0)).toBe(2n);
    });
  });

  describe('back-pressure', () => {
    it('brings what was not accepted again after resume, in order and without a gap', async () => {
      const rig = await openRig();
      await rig.publishTexts(numbers(200));
      const collector = await rig.collect(rig.newGroup(), { limit: 3 });
      await collector.waitFor(3);
      for (const limit of [4, 50, 51, 200]) {
        collector.limit = limit;
        collector.consumer.resume(0);
        expect((await collector.waitFor(limit)).map(textOf)).toEqual(numbers(limit));
      }
      expect(collector.complaints).toEqual([]);
    });

    it('holds a paused partition while the others go on', async () => {
      const rig = await openRig(2);
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
      await rig.publish(...keys.map((key) => ({ key, value: '0' })));
      const collector = await rig.collect(rig.newGroup(), { limit: 1 });
      await collector.waitFor(2);
      collector.limit = Number.POSITIVE_INFINITY;
      collector.consumer.resume(1);
      const ends = await rig.log.endOffsets(rig.topic);
      await collector.waitFor(1 + Number(ends.get(1)));
      await rig.publish(...keys.map((key) => ({ key, value: '1' })));
      await collector.waitFor(1 + Number((await rig.log.endOffsets(rig.topic)).get(1)));
      expect(collector.of(0)).toHaveLength(1);
      collector.consumer.resume(0);
      await collector.waitFor(40);
    });

    it('delivers what was published while the partition was paused', async () => {
      const rig = await openRig();
      const collector = await rig.collect(rig.newGroup());
      collector.consumer.pause(0);
      await rig.publishTexts(numbers(3));
      await (await rig.collect(rig.newGroup())).waitFor(3);
      collector.consumer.resume(0);
      expect((await collector.waitFor(3)).map(textOf)).toEqual(numbers(3));
    });

    it('lets a paused partition commit', async () => {
      const rig = await openRig();
      const group = rig.newGroup();
      await rig.publishTexts(numbers(3));
      const collector = await rig.collect(group, { limit: 2 });
      await collector.waitFor(2);
      expect(await collector.consumer.commit(0, 2n)).toBe('committed');
      await rig.restart();
      expect((await (await rig.collect(group)).waitFor(1)).map(textOf)).toEqual(['2']);
    });
  });
}

function numbers(count: number) {
  return Array.from({ length: count }, (_, index) => String(index));
}

function sorted(offsets: ReadonlyMap<number, bigint>) {
  return [...offsets].toSorted(([a], [b]) => a - b);
}
