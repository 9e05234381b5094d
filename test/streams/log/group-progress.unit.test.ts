import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { GroupProgress } from '../../../src/streams/log/group-progress.ts';
import type { Offset } from '../../../src/streams/log/log.ts';
import { isStopping } from '../../../src/streams/stop.ts';
import { fatal, outage } from '../../support/failures.ts';

const LOOK_MS = 500;

function followed() {
  const committed = new Map<number, Offset>();
  const committedOffsets = vi.fn(async () => new Map(committed));
  const stop = new AbortController();
  const onWait = vi.fn();
  const progress = new GroupProgress(
    { committedOffsets },
    { group: 'live', topic: 'reviews', stop: stop.signal, lookMs: LOOK_MS, onWait },
  );
  const passed: bigint[] = [];
  const wait = (offset: bigint, partition = 0) =>
    progress.passed({ partition, offset }).then(() => void passed.push(offset));
  return { committed, committedOffsets, stop, onWait, passed, wait };
}

describe('who follows another group', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('waits until the group has committed past the record', async () => {
    const { committed, passed, wait } = followed();
    void wait(4n);
    committed.set(0, 4n);
    await vi.advanceTimersByTimeAsync(10 * LOOK_MS);
    expect(passed).toEqual([]);
    committed.set(0, 5n);
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    expect(passed).toEqual([4n]);
  });

  it('asks once for all who wait, and not at all while nobody does', async () => {
    const { committed, committedOffsets, passed, wait } = followed();
    for (let offset = 0n; offset < 100n; offset += 1n) void wait(offset);
    await vi.advanceTimersByTimeAsync(10 * LOOK_MS);
    expect(committedOffsets.mock.calls.length).toBeLessThanOrEqual(11);
    committed.set(0, 100n);
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    expect(passed).toHaveLength(100);
    const asked = committedOffsets.mock.calls.length;
    await vi.advanceTimersByTimeAsync(100 * LOOK_MS);
    await wait(42n);
    expect(committedOffsets).toHaveBeenCalledTimes(asked);
  });

  it('asks no more often than it says when waits end and begin again', async () => {
    const { committed, committedOffsets, wait } = followed();
    for (let offset = 0n; offset < 10n; offset += 1n) {
      committed.set(0, offset + 1n);
      void wait(offset);
      await vi.advanceTimersByTimeAsync(LOOK_MS / 5);
    }
    expect(committedOffsets.mock.calls.length).toBeLessThanOrEqual(3);
  });

  it('looks at each partition for itself', async () => {
    const { committed, passed, wait } = followed();
    committed.set(0, 100n);
    void wait(7n, 1);
    await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
    expect(passed).toEqual([]);
  });

  it('waits out a log that is away, and fails where nothing can work', async () => {
    const { committed, committedOffsets, passed, wait } = followed();
    committed.set(0, 1n);
    for (let tries = 0; tries < 3; tries += 1) committedOffsets.mockRejectedValueOnce(outage());
    void wait(0n);
    await vi.advanceTimersByTimeAsync(5 * LOOK_MS);
    expect(passed).toEqual([0n]);
    committedOffsets.mockRejectedValueOnce(fatal());
    const failed = expect(wait(1n)).rejects.toMatchObject({ kind: 'fatal' });
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    await failed;
  });

  it('tells of readings that are refused, and gives up once they are for longer than they may be', async () => {
    const { committed, committedOffsets, onWait, passed, wait } = followed();
    const refused = new Failure('outage', 'refused', 'No right to read.', { fatalAfterMs: 60_000 });
    const refuse = () => committedOffsets.mockRejectedValue(refused);
    refuse();
    void wait(0n);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(onWait).toHaveBeenCalledWith(refused);
    committed.set(0, 1n);
    committedOffsets.mockImplementation(async () => new Map(committed));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(passed).toEqual([0n]);
    refuse();
    // The time begins anew after a reading that worked.
    const failed = wait(1n).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(50_000);
    const told = onWait.mock.calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failed).toMatchObject({ kind: 'fatal', code: 'refused', message: 'No right to read.' });
    expect(onWait.mock.calls.length).toBeGreaterThan(told);
  });

  it('ends every wait when the process stops', async () => {
    const { stop, wait } = followed();
    const ended = wait(0n).catch(isStopping);
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    stop.abort();
    await expect(ended).resolves.toBe(true);
  });
});
