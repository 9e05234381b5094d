import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { latestLags, readLags, unreadCuts } from '../../../src/features/flow/lag.ts';
import { Failure } from '../../../src/streams/failure.ts';
import type { Offset } from '../../../src/streams/log/log.ts';

const EVERY_MS = 5_000;

/** A log of one partition per topic, of which the first 10 records were deleted. */
function logAt(committed: Offset | undefined) {
  const reads = { count: 0, away: false };
  const at = async (offset: Offset | undefined) => {
    if (reads.away) throw new Error('away');
    return new Map(offset === undefined ? [] : [[0, offset]]);
  };
  const log = {
    endOffsets: (topic: string) => {
      if (topic === 'n.research') reads.count += 1;
      return at(100n);
    },
    committedOffsets: () => at(committed),
    beginningOffsets: () => at(10n),
  };
  return { log, reads };
}

describe('the lags of the stages', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are what was not settled; deleted records are none of it', async () => {
    for (const [committed, lag] of [
      [40n, 60],
      [undefined, 90],
      // Deleted before it was read, and of a topic that was made again.
      [4n, 90],
      [140n, 90],
    ] as const) {
      const lags = latestLags(logAt(committed).log, 'n', EVERY_MS);
      const read = await lags();
      expect([read?.get('research'), read?.get('verdicts')]).toEqual([lag, lag]);
    }
  });

  it('take no commit that comes while they are read for a topic that was made again', async () => {
    const { log } = logAt(undefined);
    const settled = new Map<string, Offset>();
    const busy = {
      ...log,
      // Ten records come and are settled with each look at the end, which five are always short of.
      endOffsets: async (topic: string) => {
        const next = (settled.get(topic) ?? 95n) + 10n;
        settled.set(topic, next);
        return new Map([[0, next - 5n]]);
      },
      committedOffsets: async (_: string, topic: string) => new Map([[0, settled.get(topic) ?? 95n]]),
    };
    expect(new Set((await readLags(busy, 'n')).values())).toEqual(new Set([5]));
  });

  it('leave out what was deleted unread, which is told apart', async () => {
    const verdicts = { topic: 'n.verdicts', records: 6 };
    const cuts = (committed: Offset | undefined, isEmpty = false) =>
      unreadCuts(logAt(committed).log, 'n', async () => isEmpty);
    expect(await cuts(4n)).toContainEqual(verdicts);
    for (const committed of [10n, 40n, 140n, undefined]) expect(await cuts(committed)).toEqual([]);
    // Nobody ever read the topic, or the group was away for so long that its commits are gone.
    expect(await cuts(undefined, true)).toEqual([{ topic: 'n.questions', records: 10 }]);
  });

  it('are known of data that have no verdicts yet, but not where a stage has no topic', async () => {
    const missing = (name: string) => {
      const { log } = logAt(40n);
      const unknown = new Failure('fatal', 'unknown_topic', `There is no topic ${name}.`);
      return {
        ...log,
        endOffsets: async (topic: string) => {
          if (topic === name) throw unknown;
          return log.endOffsets(topic);
        },
      };
    };
    expect((await readLags(missing('n.verdicts'), 'n')).get('verdicts')).toBe(0);
    await expect(readLags(missing('n.review'), 'n')).rejects.toMatchObject({ code: 'unknown_topic' });
  });

  it('are read once in a while, however many ask, and not at all while nobody does', async () => {
    const { log, reads } = logAt(0n);
    const lags = latestLags(log, 'n', EVERY_MS);
    for (let tick = 0; tick < 50; tick += 1) {
      await lags();
      await vi.advanceTimersByTimeAsync(90);
    }
    expect(reads.count).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads.count).toBe(1);
    expect(await lags(), 'too old to tell').toBeUndefined();
  });

  it('are unknown while the log is away, and known again after it', async () => {
    const { log, reads } = logAt(0n);
    reads.away = true;
    const lags = latestLags(log, 'n', EVERY_MS);
    expect(await lags()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    reads.away = false;
    expect(await lags()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect((await lags())?.get('review')).toBe(90);
  });
});
