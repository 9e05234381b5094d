import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import type { LogRecord, Offset } from '../../../src/streams/log/log.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { recordsAt } from '../stage/records.ts';
import { readTopic } from './read-topic.ts';

function reading(partitions: LogRecord[][], ends: readonly (readonly [number, Offset])[]) {
  const log = new FakeLog({ partitions, auto: true });
  const seen: string[] = [];
  const done = readTopic(log, { topic: 'in', group: 'scan', until: new Map(ends) }, (record) => {
    seen.push(`${record.partition}:${record.offset}`);
  });
  return { log, seen, done };
}

describe('reading a topic once', () => {
  it('brings every record up to the given offsets and none after them', async () => {
    const partitions = [recordsAt(0, [0, 1, 2, 3, 4]), recordsAt(1, [0, 1])];
    const { done, seen } = reading(partitions, [
      [0, 3n],
      [1, 2n],
    ]);
    await done;
    expect(seen.toSorted()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1']);
  });

  it('ends where the records before the given offset are gone', async () => {
    const { done, seen } = reading([recordsAt(0, [0, 4, 9])], [[0, 6n]]);
    await done;
    expect(seen).toEqual(['0:0', '0:4']);
  });

  it('commits nothing and leaves the group', async () => {
    const { done, log } = reading([recordsAt(0, [0])], [[0, 1n]]);
    await done;
    expect(log.consumerMade.journal).toEqual(['stop']);
  });

  it('makes no consumer where there is nothing to read', async () => {
    const { done, log } = reading(
      [[], []],
      [
        [0, 0n],
        [1, 0n],
      ],
    );
    await done;
    expect(log.consumers).toEqual([]);
  });

  it('rejects with a Failure when its consumer dies, and still leaves the group', async () => {
    const { done, log } = reading([[]], [[0, 1n]]);
    const { subscription } = await vi.waitFor(() => log.consumerMade);
    subscription.receiver.onFailed(new Error('broken'));
    await expect(done).rejects.toBeInstanceOf(Failure);
    expect(log.consumerMade.journal).toEqual(['stop']);
  });
});
