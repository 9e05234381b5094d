import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import type { LogRecord, Offset } from '../../../src/streams/log/log.ts';
import { readRange } from '../../../src/streams/log/read-range.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { recordsAt } from '../../support/stage/records.ts';

type Offsets = readonly (readonly [number, Offset])[];

function reading(partitions: LogRecord[][], until: Offsets, visit?: (record: LogRecord) => Promise<void>) {
  const log = new FakeLog({ partitions, auto: true });
  const seen: string[] = [];
  const see = async ({ partition, offset }: LogRecord) => void seen.push(`${partition}:${offset}`);
  const range = { topic: 'in', group: 'scan', from: new Map<number, Offset>(), until: new Map(until) };
  return { log, seen, done: readRange(log, range, visit ?? see) };
}

describe('reading a range', () => {
  it('visits every record before its end and none of a partition that is not named', async () => {
    const partitions = [recordsAt(0, [0, 1, 2, 3, 4]), recordsAt(1, [0, 1]), recordsAt(2, [0])];
    const { done, seen } = reading(partitions, [
      [0, 3n],
      [1, 2n],
    ]);
    await done;
    expect(seen.toSorted()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1']);
  });

  it('visits no more at once than it can keep', async () => {
    let [now, most] = [0, 0];
    const visit = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    };
    const offsets = Array.from({ length: 500 }, (_, index) => index);
    await reading([recordsAt(0, offsets)], [[0, 500n]], visit).done;
    expect(most).toBeLessThanOrEqual(64);
  });

  it('visits a record once, however often a rebalance brings it', async () => {
    const log = new FakeLog({ partitions: [recordsAt(0, [0, 1, 2, 3])] });
    const seen: bigint[] = [];
    const range = { topic: 'in', group: 'scan', from: new Map([[0, 0n]]), until: new Map([[0, 4n]]) };
    const done = readRange(log, range, async ({ offset }) => void seen.push(offset));
    const consumer = await vi.waitFor(() => log.consumerMade);
    consumer.subscription.receiver.onRecords(0, recordsAt(0, [0, 1]));
    consumer.assign([{ partition: 0, kept: false }]);
    consumer.pump();
    await done;
    expect(seen).toEqual([0n, 1n, 2n, 3n]);
  });

  it('starts where it is told, and forgets its group at the end', async () => {
    const log = new FakeLog({ partitions: [recordsAt(0, [0])], auto: true });
    const [set, forget] = [vi.spyOn(log, 'setOffsets'), vi.spyOn(log, 'deleteGroup')];
    const from = new Map([[0, 0n]]);
    await readRange(
      log,
      { topic: 'in', group: 'scan', from, until: new Map([[0, 1n]]) },
      async () => undefined,
    );
    expect(set).toHaveBeenCalledWith('scan', 'in', from);
    expect(forget).toHaveBeenCalledWith('scan');
  });

  it('makes no consumer where there is nothing to read', async () => {
    const { done, log } = reading([[]], [[0, 0n]]);
    await done;
    expect(log.consumers).toEqual([]);
  });

  it('rejects with what a visit threw, and leaves the group', async () => {
    const failure = new Failure('fatal', 'test', 'broken');
    const { done, log } = reading([recordsAt(0, [0])], [[0, 1n]], () => Promise.reject(failure));
    await expect(done).rejects.toBe(failure);
    expect(log.consumerMade.journal.at(-1)).toBe('stop');
  });
});
