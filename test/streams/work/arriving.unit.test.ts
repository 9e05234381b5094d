import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../src/streams/failure.ts';
import { UnsavedWrites } from '../../../src/streams/work/unsaved-writes.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { content, outage } from '../../support/failures.ts';
import { keyOf, questionRecord, scriptedRun } from '../../support/stage/test-stage.ts';
import { finished, tokenOf } from '../../support/stage/work.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const q1 = questionRecord('q1');
const away = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a paid answer that the store does not take', () => {
  it('is left in the journal with its claim, which is not given back', async () => {
    const { work, store, stop, answers, journal } = workBench();
    store.failNext('complete', outage(), away);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.drain();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(answers.entries).toEqual([]);
    stop.abort();
    expect(answers.entries).toMatchObject([
      {
        ...{ kind: 'answer', stage: 'research', workId: workIdOf(keyOf('q1')), token: 'token-1' },
        finished: { result: 'answer to q1' },
      },
    ]);
    await expect(working).resolves.toEqual({ kind: 'abandoned' });
    expect(journal).not.toContain('release');
    expect(journal).not.toContain('settle');
  });

  it('is left as a failed attempt where it could not be used', async () => {
    const { work, store, stop, answers } = workBench({ run: scriptedRun(content()) });
    store.failNext('recordAttempt', outage(), away);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.abort();
    expect(answers.entries).toMatchObject([{ kind: 'attempt', attempt: { code: 'not_json', costUsd: 0.5 } }]);
    await working;
  });

  it('is not left where the store takes it while the process drains', async () => {
    const { work, store, stop, answers } = workBench();
    store.failNext('complete', outage(), 3);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(50);
    stop.drain();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(working).resolves.toMatchObject({ kind: 'settled' });
    stop.abort();
    expect(answers.entries).toEqual([]);
  });
});

const FORM = { form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' } as const;

/** A run whose answers come in a body, and are then read as the script says. */
function arrivingRun(...script: readonly (Failure | string)[]): ReturnType<typeof scriptedRun> {
  const run = scriptedRun(...script);
  const arriving: typeof run = Object.assign(
    (...[message, context]: Parameters<typeof run>) => {
      context.onAnswer?.(FORM, [Buffer.from('half of it, '), Buffer.from('and the rest')]);
      return run(message, context);
    },
    { calls: run.calls },
  );
  return arriving;
}

describe('an answer that arrives', () => {
  it('stands in the journal until the store has it, with all that is needed to read it again', async () => {
    const { work, store, answers } = workBench({ run: arrivingRun('paid') });
    store.failNext('complete', outage(), 1);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(1);
    const about = { ...FORM, stage: 'research', workId: workIdOf(keyOf('q1')), token: 'token-1' };
    const arrival = { ...about, kind: 'arrival', number: 1, earlier: [], startedAt: expect.any(String) };
    expect([...answers.standing]).toMatchObject([
      { kind: 'arrival', arrival, body: 'half of it, and the rest' },
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(working).resolves.toMatchObject({ kind: 'settled' });
    expect(answers.standing.size).toBe(0);
  });

  it('and cannot be used stands there until the store has the failed attempt, as the same attempt', async () => {
    const { work, store, answers } = workBench({ run: arrivingRun(content(), 'mended') });
    store.failNext('recordAttempt', outage(), 1);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers.standing.size).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await working;
    const attempts = store.row(keyOf('q1'))?.finished?.attempts ?? [];
    expect(answers.standing.size).toBe(0);
    expect(answers.entries.map((entry) => entry.kind === 'arrival' && entry.arrival)).toMatchObject(
      attempts.map(({ number, startedAt }, index) => ({
        number,
        startedAt,
        earlier: attempts.slice(0, index),
      })),
    );
  });

  it('is left as it came at the end of the process, and its claim is not given back', async () => {
    const { work, store, stop, answers, journal } = workBench({ run: arrivingRun('paid') });
    store.failNext('complete', outage(), away);
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.abort();
    await expect(working).resolves.toEqual({ kind: 'abandoned' });
    expect([...answers.standing]).toMatchObject([{ kind: 'arrival' }]);
    expect(answers.entries).toHaveLength(1);
    expect(journal).not.toContain('release');
  });

  it('goes on to the store where the journal cannot be written', async () => {
    const { work, store, answers } = workBench({ run: arrivingRun('paid') });
    answers.full = true;
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled' });
    expect(store.row(keyOf('q1'))?.finished?.result).toBe('paid');
  });

  it('is used without a second call where the claim was lost meanwhile and comes back', async () => {
    const run = scriptedRun('paid');
    const { work, store } = workBench({
      run: (...call) => {
        store.put(keyOf('q1'), { state: 'claimed', token: tokenOf('theirs') });
        return run(...call);
      },
    });
    const working = work(q1);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(working).resolves.toMatchObject({ kind: 'settled' });
    expect(run.calls()).toBe(1);
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
    const unsaved = new UnsavedWrites({ journal: bench.answers, stop: bench.stop.signals, atHand });
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
