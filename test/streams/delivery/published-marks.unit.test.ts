import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PublishedMarks } from '../../../src/streams/delivery/published-marks.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { outage } from '../../support/failures.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { questionId, workKey } from '../../support/stage/work.ts';

const workId = (number: number) => workIdOf(workKey({ questionId: questionId(`q${number}`) }));

function marked() {
  const store = new FakeWorkStore();
  const mark = vi.spyOn(store, 'markPublished');
  return { marks: new PublishedMarks(store), mark };
}

describe('published marks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are written in bulk, a moment later', async () => {
    const { marks, mark } = marked();
    for (const number of [1, 2, 3]) marks.add(workId(number));
    expect(mark).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(mark.mock.calls).toEqual([[[workId(1), workId(2), workId(3)]]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are written at once when there are many, each once', async () => {
    const { marks, mark } = marked();
    for (let number = 0; number < 1_001; number += 1) marks.add(workId(number));
    await marks.flush();
    const all = mark.mock.calls.flatMap(([ids]) => ids);
    expect(mark.mock.calls.map(([ids]) => ids.length)).toEqual([500, 500, 1]);
    expect(new Set(all).size).toBe(1_001);
  });

  it('write nothing where there is nothing to mark', async () => {
    const { marks, mark } = marked();
    await marks.flush();
    expect(mark).not.toHaveBeenCalled();
  });

  it('are given up where the store is away: the price is one duplicate record', async () => {
    const { marks, mark } = marked();
    mark.mockRejectedValueOnce(outage());
    marks.add(workId(1));
    await expect(marks.flush()).resolves.toBeUndefined();
    marks.add(workId(2));
    await marks.flush();
    expect(mark.mock.calls.at(-1)).toEqual([[workId(2)]]);
  });
});
