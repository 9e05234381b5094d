import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PAUSES_EVERY_MS, watchPauses } from '../../../../src/features/run/session/watch-pauses.ts';
import type { Pause } from '../../../../src/stages/store/pause-repository.ts';
import { outage } from '../../../support/failures.ts';

function bookOf() {
  const paused: Pause[] = [];
  const list = vi.fn(async () => [...paused]);
  const set = (...stages: Pause['stage'][]) => {
    paused.splice(0, paused.length, ...stages.map((stage) => ({ stage, since: '' })));
  };
  return { book: { list, pause: async () => undefined, resume: async () => undefined }, list, set };
}

describe('watched pauses', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are known before anything starts, and follow what a person orders', async () => {
    const { book, set } = bookOf();
    set('review');
    const pauses = await watchPauses(book);
    const seen: boolean[] = [];
    pauses.of('review').subscribe((paused) => seen.push(paused));
    set();
    await vi.advanceTimersByTimeAsync(PAUSES_EVERY_MS);
    set('review', 'research');
    await vi.advanceTimersByTimeAsync(2 * PAUSES_EVERY_MS);
    expect(seen).toEqual([true, false, true]);
    expect(pauses.isPaused('research')).toBe(true);
    await pauses.stop();
  });

  it('stay as they were while the store is away', async () => {
    const { book, list, set } = bookOf();
    set('review');
    const pauses = await watchPauses(book);
    list.mockRejectedValueOnce(outage());
    set();
    await vi.advanceTimersByTimeAsync(PAUSES_EVERY_MS);
    expect(pauses.isPaused('review')).toBe(true);
    await vi.advanceTimersByTimeAsync(PAUSES_EVERY_MS);
    expect(pauses.isPaused('review')).toBe(false);
    await pauses.stop();
  });
});
