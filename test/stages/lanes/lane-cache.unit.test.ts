import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import { laneNameSchema } from '../../../src/stages/lanes/lane.ts';
import { LaneCache } from '../../../src/stages/lanes/lane-cache.ts';
import { outage } from '../../support/failures.ts';
import { laneOf } from '../../support/stage/stage-fixtures.ts';
import { laneName } from '../../support/stage/work.ts';

const bookWith = (get: () => Promise<ReturnType<typeof laneOf> | undefined>) => ({
  get: vi.fn(get),
  open: async (lane: Lane) => lane,
  put: async () => undefined,
});

describe('the lanes of records', () => {
  it('are read once each', async () => {
    const book = bookWith(async () => laneOf());
    const lanes = new LaneCache(book);
    await Promise.all([lanes.get(laneName('main')), lanes.get(laneName('main'))]);
    await lanes.get(laneName('main'));
    expect(book.get).toHaveBeenCalledOnce();
  });

  it('are followed within seconds when they get another recipe, and stay known while the store is away', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const later = { ...laneOf(), createdAt: 'later' };
    const book = bookWith(async () => laneOf());
    const lanes = new LaneCache(book);
    await lanes.get(laneName('main'));
    const wait = async () => {
      await vi.advanceTimersByTimeAsync(2_001);
      await lanes.get(laneName('main'));
      await vi.advanceTimersByTimeAsync(0);
      return lanes.get(laneName('main'));
    };
    book.get.mockRejectedValueOnce(outage());
    await expect(wait()).resolves.toEqual(laneOf());
    book.get.mockResolvedValueOnce(later);
    await expect(wait()).resolves.toEqual(later);
    expect(book.get).toHaveBeenCalledTimes(3);
  });

  it('that nobody opened are poison', async () => {
    const lanes = new LaneCache(bookWith(async () => undefined));
    const failure = { kind: 'poison', code: 'unknown_lane' };
    await expect(lanes.get(laneName('lost'))).rejects.toMatchObject(failure);
  });

  it('are ready where every part that the stage needs is here, and left alone where one is not', async () => {
    const book = bookWith(async () => laneOf());
    const lanes = new LaneCache(
      book,
      undefined,
      () => new Map([['review', 'The lane works by mine:judge …']]),
    );
    await expect(lanes.ready(laneName('main'), 'research')).resolves.toBeUndefined();
    const missing = { code: 'part_missing', message: 'The lane works by mine:judge …' };
    await expect(lanes.ready(laneName('main'), 'review')).rejects.toMatchObject(missing);
  });

  it('are read again after a read that failed', async () => {
    const book = bookWith(async () => laneOf());
    book.get.mockRejectedValueOnce(outage());
    const lanes = new LaneCache(book);
    await expect(lanes.get(laneName('main'))).rejects.toMatchObject({ kind: 'outage' });
    await expect(lanes.get(laneName('main'))).resolves.toMatchObject({ name: 'main' });
  });
});

describe('the name of a lane', () => {
  it.each(['main', 'redo-review-0a1b', 'x', '9', 'a'.repeat(63)])('may be %s', (name) => {
    expect(laneNameSchema.safeParse(name).success).toBe(true);
  });

  it.each(['', '-x', 'Main', 'a/b', 'a b', 'main\n', '..', 'a'.repeat(64)])('may not be "%s"', (name) => {
    expect(laneNameSchema.safeParse(name).success).toBe(false);
  });
});
