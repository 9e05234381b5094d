import { describe, expect, it } from 'vitest';
import { retryWithin } from '../../streams/work/retry-within.ts';
import { bytesOf, textOf } from '../collector.ts';
import { failureOf } from '../failure-of.ts';
import type { OpenRig } from './rig.ts';

/** Topics, publishing and what a record carries. */
export function describePublishing(openRig: OpenRig): void {
  describe('publishing', () => {
    it('keeps the records of a key in order and in one partition, and spreads keys over all', async () => {
      const rig = await openRig(4);
      const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
      for (const round of [0, 1, 2])
        await rig.publish(...keys.map((key) => ({ key, value: `${key}:${round}` })));
      const collector = await rig.collect(rig.newGroup());
      const records = await collector.waitFor(120);
      for (const key of keys) {
        const its = records.filter((record) => record.key === key);
        expect(its.map(textOf)).toEqual([0, 1, 2].map((round) => `${key}:${round}`));
        expect(new Set(its.map(({ partition }) => partition)).size).toBe(1);
      }
      expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3]));
      expect(collector.complaints).toEqual([]);
    });

    it('resolves only when the records are durable', async () => {
      const rig = await openRig();
      await rig.publishTexts(['one', 'two']);
      expect(total(await rig.log.endOffsets(rig.topic))).toBe(2n);
      await rig.restart();
      expect(total(await rig.log.endOffsets(rig.topic))).toBe(2n);
      const collector = await rig.collect(rig.newGroup());
      expect((await collector.waitFor(2)).map(textOf)).toEqual(['one', 'two']);
    });

    it('takes many publishers at once and loses or doubles none of their records', async () => {
      const rig = await openRig(3);
      const values = Array.from({ length: 300 }, (_, index) => `value-${index}`);
      await Promise.all(values.map((value, index) => rig.publish({ key: `key-${index % 17}`, value })));
      const collector = await rig.collect(rig.newGroup());
      const records = await collector.waitFor(values.length);
      expect(records.map(textOf).toSorted()).toEqual(values.toSorted());
      expect(total(await rig.log.endOffsets(rig.topic))).toBe(300n);
    });

    it('carries key, headers, place and time of a record', async () => {
      const rig = await openRig(2);
      const beforeMs = Date.now();
      await rig.publish(
        { key: 'ключ', value: 'a', headers: { 'x-one': '1', 'x-text': 'ä\n"✓' } },
        { key: 'ключ', value: 'b' },
      );
      const collector = await rig.collect(rig.newGroup());
      const [first, second] = await collector.waitFor(2);
      expect(first).toMatchObject({
        topic: rig.topic,
        key: 'ключ',
        headers: { 'x-one': '1', 'x-text': 'ä\n"✓' },
      });
      expect(second?.headers).toEqual({});
      expect(second?.offset).toBeGreaterThan(first?.offset ?? 0n);
      expect(first?.timestampMs).toBeGreaterThanOrEqual(beforeMs - 1_000);
      expect(first?.timestampMs).toBeLessThanOrEqual(Date.now() + 1_000);
    });

    it('gives back text, bytes, the empty text and the tombstone as they were', async () => {
      const rig = await openRig();
      const bytes = Uint8Array.from([0, 255, 254, 128, 10, 0]);
      const values = ['Grüße ✓ 🚀', '', bytes, null, new Uint8Array()];
      await rig.publish(...values.map((value) => ({ key: 'a', value })));
      const collector = await rig.collect(rig.newGroup());
      const records = await collector.waitFor(values.length);
      expect(records.map(bytesOf)).toEqual(values.map((value) => bytesOf({ value })));
    });

    it('carries values of a megabyte, whole', async () => {
      const rig = await openRig();
      const text = 'ж'.repeat(500_000);
      const bytes = Buffer.alloc(1_000_000, 0xa7);
      await rig.publish({ key: 'a', value: text }, { key: 'a', value: bytes });
      const collector = await rig.collect(rig.newGroup());
      const [first, second] = await collector.waitFor(2);
      expect(first !== undefined && textOf(first) === text).toBe(true);
      expect(second !== undefined && bytesOf(second)?.equals(bytes)).toBe(true);
    });

    it('takes no record for nothing', async () => {
      const rig = await openRig();
      await rig.publish();
      expect(total(await rig.log.endOffsets(rig.topic))).toBe(0n);
    });

    it('answers an unknown topic with a Failure that says so', async () => {
      const rig = await openRig();
      const failure = await failureOf(() =>
        rig.log.publish(`${rig.topic}.missing`, [{ key: 'a', value: 'b' }]),
      );
      expect(failure.message).toContain(`${rig.topic}.missing`);
      expect(failure.kind).toBe('fatal');
    });
  });

  describe('topics', () => {
    it('are left as they are where they exist, with their partitions and records', async () => {
      const rig = await openRig(3);
      await rig.publishTexts(['kept']);
      const more = `${rig.topic}.more`;
      await rig.log.ensureTopics([
        { topic: rig.topic, partitions: 3 },
        { topic: more, partitions: 2 },
      ]);
      await rig.log.ensureTopics([{ topic: more, partitions: 2 }]);
      expect([...(await rig.log.endOffsets(more)).keys()].toSorted()).toEqual([0, 1]);
      expect(total(await rig.log.endOffsets(rig.topic))).toBe(1n);
    });

    it('end at 0 in each partition while they are empty', async () => {
      const rig = await openRig(3);
      // A topic that was just made may have no leader yet.
      const ends = await retryWithin(() => rig.log.endOffsets(rig.topic), 60_000);
      expect([...ends].toSorted(([a], [b]) => a - b)).toEqual([
        [0, 0n],
        [1, 0n],
        [2, 0n],
      ]);
    });

    it('end after their last record, partition by partition', async () => {
      const rig = await openRig(3);
      const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
      await rig.publish(...keys.map((key) => ({ key, value: key })));
      const collector = await rig.collect(rig.newGroup());
      await collector.waitFor(30);
      for (const [partition, end] of await rig.log.endOffsets(rig.topic))
        expect((collector.of(partition).at(-1)?.offset ?? -1n) + 1n).toBe(end);
    });
  });
}

function total(ends: ReadonlyMap<number, bigint>) {
  return [...ends.values()].reduce((sum, end) => sum + end, 0n);
}
