import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../src/streams/delivery/delivery.ts';
import { DeliverySource } from '../../../src/streams/delivery/delivery-source.ts';
import { Failure } from '../../../src/streams/failure.ts';
import type { LogRecord } from '../../../src/streams/log/log.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { recordsAt } from '../../support/stage/records.ts';

type Limits = Readonly<{ credits?: number; maxGap?: number }>;

const upTo = (count: number) => Array.from({ length: count }, (_, offset) => offset);

function read(partitions: LogRecord[][], { credits = 100, maxGap }: Limits = {}) {
  const log = new FakeLog({ partitions });
  const limits = maxGap === undefined ? { credits } : { credits, maxGap };
  const source = new DeliverySource(log, { topic: 'in', group: 'g', ...limits });
  const out: Delivery[] = [];
  const errors: unknown[] = [];
  const subscription = source.deliveries.subscribe({
    next: (delivery) => out.push(delivery),
    error: (error: unknown) => errors.push(error),
  });
  const consumer = log.consumerMade;
  const settle = (partition: number, ...offsets: number[]) => {
    for (const { record, settle: done } of [...out])
      if (record.partition === partition && offsets.includes(Number(record.offset))) done();
  };
  const offsets = (partition = 0) =>
    out.filter(({ record }) => record.partition === partition).map(({ record }) => Number(record.offset));
  consumer.pump();
  return { source, consumer, out, errors, settle, offsets, subscription };
}

describe('a delivery source', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('delivers no more than its credits, and more once half of them are back', () => {
    const { consumer, offsets, settle, source } = read([recordsAt(0, upTo(10))], { credits: 4 });
    expect(offsets()).toEqual([0, 1, 2, 3]);
    expect(source.unsettled).toBe(4);
    settle(0, 0);
    consumer.pump();
    expect(offsets()).toHaveLength(4);
    settle(0, 1);
    consumer.pump();
    expect(offsets()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes a strict prefix of a batch that is larger than its credits', () => {
    const { consumer } = read([recordsAt(0, upTo(3))], { credits: 5 });
    const { receiver } = consumer.subscription;
    expect(receiver.onRecords(0, recordsAt(0, [3, 4, 5, 6]))).toBe(2);
    expect(receiver.onRecords(0, recordsAt(0, [5, 6]))).toBe(0);
    expect(consumer.paused).toContain(0);
  });

  it('pauses a partition whose watermark is stuck by more than maxGap', () => {
    const { consumer, offsets, settle } = read([recordsAt(0, upTo(20))], { credits: 10, maxGap: 5 });
    expect(offsets()).toEqual([0, 1, 2, 3, 4]);
    settle(0, 1, 2, 3, 4);
    consumer.pump();
    expect(offsets()).toHaveLength(5);
    settle(0, 0);
    consumer.pump();
    expect(offsets()).toHaveLength(10);
  });

  it('commits the contiguous watermark in the background and no more often than it moves', async () => {
    const { consumer, settle } = read([recordsAt(0, upTo(5))]);
    settle(0, 1, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(consumer.commits).toEqual([]);
    settle(0, 0);
    settle(0, 4);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(consumer.commits).toEqual([{ partition: 0, offset: 3n }]);
  });

  it('commits before it leaves the group', async () => {
    const { consumer, settle, source } = read([recordsAt(0, upTo(3))]);
    settle(0, 0, 1);
    await source.close();
    expect(consumer.journal).toEqual(['commit 0:2', 'stop']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never commits what a lost partition settles late, not even when it comes back', async () => {
    const { consumer, settle, out } = read([recordsAt(0, upTo(3)), recordsAt(1, upTo(3))]);
    consumer.assign([{ partition: 1, kept: true }]);
    settle(0, 0, 1, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    consumer.assign([
      { partition: 0, kept: false },
      { partition: 1, kept: true },
    ]);
    consumer.pump();
    settle(1, 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(consumer.commits).toEqual([{ partition: 1, offset: 1n }]);
    const again = out.filter(({ record }) => record.partition === 0).slice(3);
    for (const delivery of again) delivery.settle();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(again).toHaveLength(3);
    expect(consumer.commits.at(-1)).toEqual({ partition: 0, offset: 3n });
  });

  it('starts a new epoch for a partition that came back: only its new copies count', async () => {
    const { consumer, out, offsets, source } = read([recordsAt(0, upTo(10))], { credits: 4 });
    const old = [...out];
    consumer.assign([{ partition: 0, kept: false }]);
    consumer.pump();
    expect(offsets()).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    for (const delivery of old) delivery.settle();
    consumer.pump();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(offsets()).toHaveLength(8);
    expect(source.unsettled).toBe(4);
    expect(consumer.commits).toEqual([]);
    for (const delivery of out.slice(4)) delivery.settle();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(consumer.committed.get(0)).toBe(4n);
  });

  it('keeps the tracker of a kept partition and drops the copies of what is still out', async () => {
    const { consumer, settle, offsets } = read([recordsAt(0, upTo(4))]);
    settle(0, 0, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    consumer.assign([{ partition: 0, kept: true }]);
    consumer.rewind(0);
    consumer.pump();
    expect(offsets()).toEqual([0, 1, 2, 3]);
    settle(0, 1, 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(consumer.commits.map(({ offset }) => offset)).toEqual([1n, 4n]);
  });

  it('forgets a fenced partition, and its records no longer use up credits', async () => {
    const partitions = [recordsAt(0, upTo(20)), recordsAt(1, upTo(20))];
    const { consumer, settle, offsets } = read(partitions, { credits: 10 });
    const before = offsets(1).length;
    consumer.outcomes = ['fenced', 'committed'];
    settle(0, 0);
    await vi.advanceTimersByTimeAsync(1_000);
    settle(0, ...upTo(20));
    settle(1, ...upTo(20));
    consumer.pump();
    settle(1, ...upTo(20));
    consumer.pump();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(offsets(1).length).toBeGreaterThan(before);
    expect(consumer.commits.filter(({ partition }) => partition === 0)).toHaveLength(1);
  });

  it('tries a failed commit again without waiting for the next settlement', async () => {
    const { consumer, settle } = read([recordsAt(0, upTo(2))]);
    consumer.outcomes = ['failed', 'failed', 'committed'];
    settle(0, 0, 1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(consumer.commits.map(({ offset }) => offset)).toEqual([2n, 2n, 2n]);
    expect(consumer.committed.get(0)).toBe(2n);
  });

  it('leaves no timer behind when the last commit fails as it closes', async () => {
    const { consumer, settle, source } = read([recordsAt(0, upTo(2))]);
    consumer.outcomes = ['failed'];
    settle(0, 0);
    await source.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(consumer.journal).toEqual(['commit 0:1', 'stop']);
  });

  it('commits nothing of what settles after it left', async () => {
    const { consumer, settle, source } = read([recordsAt(0, upTo(2))]);
    await source.close();
    settle(0, 0, 1);
    expect(vi.getTimerCount()).toBe(0);
    expect(consumer.journal).toEqual(['stop']);
  });

  it('takes no more once intake is paused, and still settles what is out', async () => {
    const { consumer, source, settle, offsets } = read([recordsAt(0, upTo(10))], { credits: 4 });
    source.pauseIntake();
    settle(0, 0, 1, 2, 3);
    consumer.pump();
    expect(offsets()).toHaveLength(4);
    await source.close();
    expect(consumer.committed.get(0)).toBe(4n);
  });

  it('errors with a Failure when its consumer dies', () => {
    const { consumer, errors } = read([[]]);
    consumer.subscription.receiver.onFailed(new TypeError('broken'));
    expect(errors).toEqual([expect.any(Failure)]);
    expect(errors[0]).toMatchObject({ kind: 'fatal', code: 'unexpected' });
  });

  it('takes nothing after it was unsubscribed', () => {
    const { consumer, subscription } = read([[]]);
    subscription.unsubscribe();
    expect(consumer.subscription.receiver.onRecords(0, recordsAt(0, [0]))).toBe(0);
  });

  it('drains everything in any order of settling, within its credits, each record once', async () => {
    const sizes = fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 5 });
    const picks = fc.infiniteStream(fc.nat({ max: 1_000 }));
    const limits = fc.record({
      credits: fc.integer({ min: 1, max: 12 }),
      maxGap: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, limits, picks, async (counts, { credits, maxGap }, order) => {
        const partitions = counts.map((size, partition) => recordsAt(partition, upTo(size)));
        const { consumer, out, source } = read(partitions, { credits, maxGap });
        const open: Delivery[] = [];
        let seen = 0;
        do {
          consumer.pump();
          open.push(...out.slice(seen));
          seen = out.length;
          expect(open.length).toBeLessThanOrEqual(credits);
          expect(source.unsettled).toBe(open.length);
          const [one] = open.splice((order.next().value ?? 0) % Math.max(1, open.length), 1);
          one?.settle();
          consumer.pump();
        } while (open.length > 0 || out.length > seen);
        await source.close();
        expect(out).toHaveLength(counts.reduce((sum, size) => sum + size, 0));
        for (const [partition, size] of counts.entries())
          expect(consumer.committed.get(partition) ?? 0n).toBe(BigInt(size));
      }),
      { numRuns: 200 },
    );
  });

  it('never commits past an unsettled record through any history of rebalances', async () => {
    const step = fc.record({
      kind: fc.constantFrom('settle', 'settle', 'settle', 'lose', 'keep', 'rewind', 'wait', 'fence', 'fail'),
      pick: fc.nat({ max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { consumer, out, source } = read([recordsAt(0, upTo(40))], { credits: 8 });
        const settled = new Set<number>();
        for (const { kind, pick } of steps) {
          const delivery = out[pick % Math.max(1, out.length)];
          if (kind === 'settle' && delivery !== undefined) {
            delivery.settle();
            settled.add(Number(delivery.record.offset));
          }
          if (kind === 'lose') consumer.assign([{ partition: 0, kept: false }]);
          if (kind === 'keep') consumer.assign([{ partition: 0, kept: true }]);
          if (kind === 'rewind') consumer.rewind(0);
          if (kind === 'fail') consumer.outcomes = ['failed', 'committed'];
          if (kind === 'fence') {
            consumer.outcomes = ['fenced', 'committed'];
            await vi.advanceTimersByTimeAsync(200);
            consumer.outcomes = ['committed'];
            consumer.assign([{ partition: 0, kept: false }]);
          }
          if (kind === 'wait') await vi.advanceTimersByTimeAsync(200);
          consumer.pump();
          for (let offset = 0; offset < Number(consumer.committed.get(0) ?? 0n); offset += 1)
            expect(settled).toContain(offset);
        }
        await source.close();
      }),
      { numRuns: 200 },
    );
  });
});
