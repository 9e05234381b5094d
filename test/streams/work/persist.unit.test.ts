import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { isStopping, stopping } from '../../../src/streams/stop.ts';
import { persistThrough } from '../../../src/streams/work/persist.ts';
import { fatal, outage, poison, transient } from '../../support/failures.ts';
import { testStop } from '../../support/stage/stop-signals.ts';

describe('a write that is persisted', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('resolves with what the write brought', async () => {
    const persist = persistThrough(testStop().signals, () => undefined);
    await expect(persist(async () => 42)).resolves.toBe(42);
  });

  it('is repeated until an outage is over, and tells of each failed try', async () => {
    const onWait = vi.fn();
    const persist = persistThrough(testStop().signals, onWait);
    const write = vi.fn(async () => 'written');
    for (let tries = 0; tries < 50; tries += 1)
      write.mockRejectedValueOnce(tries % 2 === 0 ? outage() : transient());
    const done = persist(write);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await expect(done).resolves.toBe('written');
    expect(write).toHaveBeenCalledTimes(51);
    expect(onWait).toHaveBeenCalledTimes(50);
  });

  it('gives up on an outage that lasts longer than such a one may, and not on others before it', async () => {
    const refused = new Failure('outage', 'refused', 'No right to write.', { fatalAfterMs: 60_000 });
    const away = outage();
    const start = performance.now();
    const write = vi.fn(async () => {
      throw performance.now() - start < 100_000 ? away : refused;
    });
    const ended = persistThrough(testStop().signals, () => undefined)(write).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(155_000);
    const tries = write.mock.calls.length;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await ended).toMatchObject({ kind: 'fatal', code: 'refused', message: 'No right to write.' });
    expect(write.mock.calls.length).toBeGreaterThan(tries);
  });

  it('is not repeated when it ended because the process stops', async () => {
    const onWait = vi.fn();
    const persist = persistThrough(testStop().signals, onWait);
    await expect(persist(() => Promise.reject(stopping()))).rejects.toSatisfy(isStopping);
    expect(onWait).not.toHaveBeenCalled();
  });

  it('waits a little longer after each try, and 5 s at most', async () => {
    const triedAtMs: number[] = [];
    const persist = persistThrough(testStop().signals, () => undefined);
    persist(async () => {
      triedAtMs.push(performance.now());
      throw outage();
    }).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(30_000);
    const waits = triedAtMs.slice(1).map((atMs, index) => Math.round(atMs - (triedAtMs[index] ?? 0)));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
  });

  it.each([fatal(), poison()])('gives up at once on a failure of kind $kind', async (failure) => {
    const write = vi.fn().mockRejectedValue(failure);
    const persist = persistThrough(testStop().signals, () => undefined);
    await expect(persist(write)).rejects.toBe(failure);
    expect(write).toHaveBeenCalledOnce();
  });

  it('goes on while the process drains, and ends when it must stop now', async () => {
    const stop = testStop();
    const write = vi.fn().mockRejectedValue(outage());
    const done = persistThrough(stop.signals, () => undefined)(write);
    const ended = expect(done).rejects.toSatisfy(isStopping);
    await vi.advanceTimersByTimeAsync(0);
    stop.drain();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(write.mock.calls.length).toBeGreaterThan(2);
    stop.abort();
    await ended;
    expect(vi.getTimerCount()).toBe(0);
  });
});
