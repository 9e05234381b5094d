import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showWorker } from '../../../../src/features/run/session/worker-state.ts';
import {
  SHOW_EVERY_MS,
  type WorkerRepository,
  type WorkerState,
} from '../../../../src/stages/store/worker-repository.ts';
import { outage } from '../../../support/failures.ts';

const STATE: WorkerState = {
  id: 'w',
  host: 'here',
  pid: 1,
  version: '1',
  since: '',
  stages: [],
  endpoints: [],
  alarms: [],
};

function bookOf(show: () => Promise<void> = async () => undefined) {
  return {
    show: vi.fn<WorkerRepository['show']>(show),
    remove: vi.fn<WorkerRepository['remove']>(async () => undefined),
    list: async () => [],
  };
}

describe('a shown worker', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows itself at once and every few seconds, and takes itself out at the end', async () => {
    const book = bookOf();
    const shown = showWorker(book, 'w', () => STATE);
    await vi.advanceTimersByTimeAsync(2 * SHOW_EVERY_MS);
    expect(book.show).toHaveBeenCalledTimes(3);
    await shown.stop();
    expect(book.remove).toHaveBeenCalledExactlyOnceWith('w');
    await vi.advanceTimersByTimeAsync(2 * SHOW_EVERY_MS);
    expect(book.show).toHaveBeenCalledTimes(3);
  });

  it('goes on when the book is away, and never has two on their way', async () => {
    const slow = bookOf(() => new Promise(() => undefined));
    showWorker(slow, 'w', () => STATE);
    await vi.advanceTimersByTimeAsync(10 * SHOW_EVERY_MS);
    expect(slow.show).toHaveBeenCalledTimes(1);
    const away = bookOf(() => Promise.reject(outage()));
    showWorker(away, 'w', () => STATE);
    await vi.advanceTimersByTimeAsync(2 * SHOW_EVERY_MS);
    expect(away.show).toHaveBeenCalledTimes(3);
  });

  it('ends without a goodbye when the book does not answer', async () => {
    const shown = showWorker(
      bookOf(() => new Promise(() => undefined)),
      'w',
      () => STATE,
    );
    const stopped = shown.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
  });
});
