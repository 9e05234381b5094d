import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnsavedWrites } from '../../src/streams/unsaved-writes.ts';
import { workIdOf } from '../../src/streams/work.ts';
import { content, outage } from '../support/failures.ts';
import { keyOf, questionRecord, scriptedRun } from '../support/test-stage.ts';
import { finished, tokenOf } from '../support/work.ts';
import { workBench } from '../support/work-bench.ts';

const q1 = questionRecord('q1');
const away = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a paid answer that the store does not take', () => {
  it('is spilled at the end of the process with its claim, which is not given back', async () => {
    const { work, store, stop, spill, journal } = workBench();
    store.failNext('complete', outage(), away);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.drain();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(spill.kept).toEqual([]);
    stop.abort();
    expect(spill.kept).toMatchObject([
      [
        {
          ...{ kind: 'answer', stage: 'research', workId: workIdOf(keyOf('q1')), token: 'token-1' },
          finished: { result: 'answer to q1' },
        },
      ],
    ]);
    await expect(working).resolves.toEqual({ kind: 'abandoned' });
    expect(journal).not.toContain('release');
    expect(journal).not.toContain('settle');
  });

  it('is spilled as a failed attempt where it could not be used', async () => {
    const { work, store, stop, spill } = workBench({ run: scriptedRun(content()) });
    store.failNext('recordAttempt', outage(), away);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.abort();
    expect(spill.kept).toMatchObject([[{ kind: 'attempt', attempt: { code: 'not_json', costUsd: 0.5 } }]]);
    await working;
  });

  it('is not spilled where the store takes it while the process drains', async () => {
    const { work, store, stop, spill } = workBench();
    store.failNext('complete', outage(), 3);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(50);
    stop.drain();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(working).resolves.toMatchObject({ kind: 'settled' });
    stop.abort();
    expect(spill.kept).toEqual([]);
  });
});

describe('an answer of an earlier process that is at hand', () => {
  function benchWith(result: unknown) {
    const dropped: string[] = [];
    const run = scriptedRun('called');
    const bench = workBench({
      run,
      recognise: ({ result: kept, ...rest }) =>
        typeof kept === 'string' ? { ...rest, result: kept } : undefined,
    });
    const atHand = { of: () => finished(result), drop: (id: string) => void dropped.push(id) };
    const unsaved = new UnsavedWrites(bench.spill, bench.stop.signals, atHand);
    return { ...bench, run, dropped, work: bench.workWith({ unsaved }) };
  }

  it('is used instead of a call, by whoever holds the claim', async () => {
    const { work, run, store, dropped } = benchWith('paid before');
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled' });
    expect(run.calls()).toBe(0);
    expect(store.row(keyOf('q1'))?.finished?.result).toBe('paid before');
    expect(dropped).toEqual([workIdOf(keyOf('q1'))]);
  });

  it('is not waited for with a call where another one holds the work, and is dropped where it is done', async () => {
    const { work, store, run } = benchWith('paid before');
    store.put(keyOf('q1'), { state: 'done', token: tokenOf('x'), finished: finished('theirs') });
    await work(q1);
    expect(store.row(keyOf('q1'))?.finished?.result).toBe('theirs');
    expect(run.calls()).toBe(0);
  });

  it('is made anew where it is no result of the stage', async () => {
    const { work, run } = benchWith({ half: true });
    await work(q1);
    expect(run.calls()).toBe(1);
  });
});
