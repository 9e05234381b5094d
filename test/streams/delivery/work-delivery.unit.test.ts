import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stage } from '../../../src/streams/delivery/stage.ts';
import type { StageOutcome } from '../../../src/streams/delivery/stage-events.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { content, fatal, outage, poison, transient } from '../../support/failures.ts';
import type { StoreCall } from '../../support/fakes/fake-work-store.ts';
import { keyOf, questionRecord, scriptedRun, type TestMessage } from '../../support/stage/test-stage.ts';
import { attemptResult, finished } from '../../support/stage/work.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const q1 = questionRecord('q1');
const key = keyOf('q1');

function failWith(failure: Failure): never {
  throw failure;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the way of a record', () => {
  it('is claim, call, store, move and publish, settle, in this order', async () => {
    const { work, journal, log, store } = workBench();
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled', called: true });
    expect(journal).toEqual(['claim', 'complete', 'move researched', 'publish next', 'settle']);
    expect(log.published[0]?.record).toEqual({ key: 'q1', value: 'answer to q1' });
    expect(store.row(key)?.finished?.result).toBe('answer to q1');
  });

  it('leaves a mark that it was published, late', async () => {
    const { work, store } = workBench();
    await work(q1);
    expect(store.row(key)?.published).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.row(key)?.published).toBe(true);
  });

  it('tells when its call begins, fails and ends', async () => {
    const { work, events } = workBench({ run: scriptedRun(content(), 'answer') });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    await done;
    const kinds = ['call-started', 'call-ended', 'attempt-failed', 'call-started', 'call-ended'];
    expect(events.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('keeps failed attempts at once, under the claim', async () => {
    const { work, store } = workBench({ run: scriptedRun(transient({ retryAfterMs: 3_600_000 })) });
    void work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.row(key)?.attempts).toMatchObject([{ number: 1, code: 'conflict' }]);
  });

  it('accepts every delivery, a repeated one included', async () => {
    const accept = vi.fn(async () => undefined);
    const { work } = workBench({ accept });
    await work(q1);
    await work(q1);
    expect(accept).toHaveBeenCalledTimes(2);
  });

  it('ends at once where the record is not wanted', async () => {
    const { work, journal } = workBench({ wants: async () => false });
    await expect(work(q1)).resolves.toEqual({ kind: 'skipped' });
    expect(journal).toEqual(['settle']);
  });

  it('ends at once where the question was forgotten, or the record is a tombstone', async () => {
    const { work, store, journal, log } = workBench();
    vi.spyOn(store, 'claim').mockResolvedValue({ kind: 'forgotten' });
    await expect(work(q1)).resolves.toEqual({ kind: 'skipped' });
    await expect(work({ ...q1, value: null })).resolves.toEqual({ kind: 'skipped' });
    expect(journal).toEqual(['settle', 'settle']);
    expect(log.published).toEqual([]);
  });

  it('brings nothing back when its question is forgotten during its call', async () => {
    const { work, store, log, questions, journal } = workBench();
    vi.spyOn(store, 'complete').mockImplementation(async () => {
      vi.spyOn(store, 'claim').mockResolvedValue({ kind: 'forgotten' });
      return 'lost';
    });
    await expect(work(q1)).resolves.toEqual({ kind: 'skipped' });
    expect([log.published, questions.moves, journal.at(-1)]).toEqual([[], [], 'settle']);
  });

  it('waits out an outage of whoever says whether it is wanted', async () => {
    const wants = vi.fn(async () => true).mockRejectedValueOnce(outage());
    const { work } = workBench({ wants });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled' });
  });
});

describe('what stands in the store already', () => {
  it('done and unpublished is published without a call', async () => {
    const run = scriptedRun('another answer');
    const { work, journal, log, store } = workBench({ run });
    store.put(key, { state: 'done', finished: finished('stored answer') });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(journal).toEqual(['claim', 'move researched', 'publish next', 'settle']);
    expect(log.published[0]?.record.value).toBe('stored answer');
    expect(run.calls()).toBe(0);
  });

  it('done and published is only settled', async () => {
    const { work, journal, store } = workBench();
    store.put(key, { state: 'done', finished: finished('stored'), published: true });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'repeated' });
    expect(journal).toEqual(['claim', 'settle']);
  });

  it('dead is settled without a call, and the question stands dead', async () => {
    const run = scriptedRun('answer');
    const { work, journal, store, questions } = workBench({ run });
    store.put(key, { state: 'dead' });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'repeated' });
    expect(journal).toEqual(['claim', 'move dead_lettered', 'settle']);
    expect(questions.deadLetters).toEqual([]);
    expect(run.calls()).toBe(0);
  });

  it('dead is worked again by a record of a higher drive', async () => {
    const { work, store } = workBench();
    store.put(key, { state: 'dead' });
    const redriven = questionRecord('q1', { drive: 1 });
    await expect(work(redriven)).resolves.toMatchObject({ kind: 'settled', called: true });
  });

  it('held by another is waited for without a permit, and its result is used', async () => {
    const run = scriptedRun('answer');
    const { work, endpoint, store, log } = workBench({ run });
    const row = store.put(key, { state: 'claimed' });
    const done = work(q1);
    for (let second = 0; second < 60; second += 1) {
      row.renewal += 1;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(endpoint.state.inFlight).toBe(0);
    Object.assign(row, { state: 'done', finished: finished('their answer') });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(log.published[0]?.record.value).toBe('their answer');
    expect(run.calls()).toBe(0);
  });

  it('held by one who shows no sign of life is taken over after a whole lease, and not before', async () => {
    const { work, journal, store } = workBench();
    store.put(key, { state: 'claimed' });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(journal).not.toContain('takeOver');
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled', called: true });
    expect(journal.filter((each) => each === 'takeOver')).toHaveLength(1);
  });

  it('held by one whose renewal moves on is not taken over', async () => {
    const { work, journal, store } = workBench();
    const row = store.put(key, { state: 'claimed' });
    void work(q1);
    for (let look = 0; look < 20; look += 1) {
      await vi.advanceTimersByTimeAsync(10_000);
      row.renewal += 1;
    }
    expect(journal).not.toContain('takeOver');
  });

  it('held and given back is worked at the next look', async () => {
    const { work, store } = workBench();
    const row = store.put(key, { state: 'claimed' });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(500);
    row.state = 'void';
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled', called: true });
  });
});

describe('what rests on something that was taken back', () => {
  it('is not kept: the answer is let go, and the work begins anew', async () => {
    const run = scriptedRun('answer on sand', 'answer on rock');
    const { work, store, log } = workBench({ run });
    vi.spyOn(store, 'complete').mockImplementationOnce(async (held) => {
      await store.release(held);
      return 'void';
    });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled', called: true });
    expect([run.calls(), log.published[0]?.record.value]).toEqual([2, 'answer on rock']);
  });
});

describe('a claim that was lost during the call', () => {
  it('drops the result and uses the one that was stored by another', async () => {
    const store: { steal(): void } = { steal: () => undefined };
    const run = async () => {
      store.steal();
      return attemptResult('my answer');
    };
    const bench = workBench({ run });
    store.steal = () => void bench.store.put(key, { state: 'done', finished: finished('their answer') });
    await expect(bench.work(q1)).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(bench.log.published.map(({ record }) => record.value)).toEqual(['their answer']);
    expect(bench.store.row(key)?.finished?.result).toBe('their answer');
    expect(bench.journal).toContain('complete');
  });

  it('does not end the question as dead while another works it', async () => {
    const store: { steal(): void } = { steal: () => undefined };
    const run = async () => {
      store.steal();
      throw poison();
    };
    const bench = workBench({ run });
    store.steal = () => void bench.store.put(key, { state: 'done', finished: finished('their answer') });
    await expect(bench.work(q1)).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(bench.questions.moves.map(({ status }) => status)).toEqual(['researched']);
  });
});

describe('a claim that was lost while its work waited', () => {
  it('makes no call: what another stored is used', async () => {
    const run = vi.fn(scriptedRun(transient({ retryAfterMs: 60_000 }), 'my answer'));
    const { work, store, log, events } = workBench({ run });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    store.put(key, { state: 'done', finished: finished('their answer') });
    await vi.advanceTimersByTimeAsync(120_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(run).toHaveBeenCalledOnce();
    expect(log.published.map(({ record }) => record.value)).toEqual(['their answer']);
    expect(events.filter(({ kind }) => kind === 'attempt-failed')).toHaveLength(1);
  });

  it('waits with the call as long as the store cannot say whose it is', async () => {
    const run = vi.fn(scriptedRun(transient({ retryAfterMs: 60_000 }), 'my answer'));
    const { work, store } = workBench({ run });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    const renew = vi.spyOn(store, 'renew').mockRejectedValue(outage());
    await vi.advanceTimersByTimeAsync(300_000);
    expect(run).toHaveBeenCalledOnce();
    renew.mockRestore();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled', called: true });
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('a record that cannot be worked', () => {
  it('becomes a dead letter with its original bytes and its place where it cannot be decoded', async () => {
    const { work, journal, questions, log } = workBench();
    const value = new Uint8Array([123, 0, 255]);
    const record = questionRecord('x', { value, partition: 4, offset: 99n });
    const outcome = await work(record);
    expect(outcome).toMatchObject({ kind: 'dead-lettered', failure: { code: 'not_json' } });
    expect(journal).toEqual(['putDeadLetter', 'publish in.dlq', 'settle']);
    const place = { topic: 'in', partition: 4, offset: 99n, work: undefined };
    expect(questions.deadLetters).toMatchObject([{ ...place, value }]);
    expect(log.published[0]?.record.value).toBe(value);
  });

  it('becomes a dead letter when its attempts are used up, with all of them, and its question ends', async () => {
    const { work, journal, questions, store } = workBench({ run: scriptedRun(content()) });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(done).resolves.toMatchObject({ kind: 'dead-lettered', work: key });
    expect(questions.deadLetters[0]?.attempts).toHaveLength(4);
    expect(journal.slice(-5)).toEqual([
      'putDeadLetter',
      'publish in.dlq',
      'bury',
      'move dead_lettered',
      'settle',
    ]);
    expect(store.row(key)?.state).toBe('dead');
  });

  it.each<[string, Partial<Stage<TestMessage, string>>]>([
    ['accepting it shows that it never can', { accept: () => Promise.reject(poison()) }],
    ['what follows from its result cannot be written', { decide: () => failWith(poison()) }],
  ])('becomes a dead letter where %s', async (_, overrides) => {
    const { work, questions, journal } = workBench(overrides);
    await expect(work(q1)).resolves.toMatchObject({ kind: 'dead-lettered', work: key });
    expect(questions.moves).toEqual([{ work: key, status: 'dead_lettered' }]);
    expect(journal.at(-1)).toBe('settle');
  });

  it('becomes a dead letter where the log refuses its next record', async () => {
    const { work, questions, log } = workBench();
    const publish = log.publish.bind(log);
    log.publish = (topic, records) => (topic === 'next' ? Promise.reject(poison()) : publish(topic, records));
    await expect(work(q1)).resolves.toMatchObject({ kind: 'dead-lettered', work: key });
    expect(questions.deadLetters).toMatchObject([{ id: 'main/q1/research/0' }]);
  });

  it('becomes a dead letter where the stage decides so', async () => {
    const failure = poison();
    const { work, questions } = workBench({ decide: () => ({ kind: 'dead-letter', failure }) });
    await expect(work(q1)).resolves.toEqual({ kind: 'dead-lettered', work: key, failure });
    expect(questions.moves).toEqual([{ work: key, status: 'dead_lettered' }]);
  });
});

describe('writes', () => {
  it('keeps an answer that its store refuses in the dead letter: it was paid for', async () => {
    const bench = workBench({ run: scriptedRun(content(), 'answer') });
    bench.store.failNext('complete', poison());
    const done = bench.work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(done).resolves.toMatchObject({ kind: 'dead-lettered' });
    const [deadLetter] = bench.questions.deadLetters;
    expect(deadLetter?.attempts).toMatchObject([
      { number: 1, outcome: 'content' },
      { number: 2, outcome: 'ok', reply: '"answer"' },
    ]);
  });

  it.each<StoreCall>(['claim', 'complete', 'recordAttempt', 'bury'])(
    'wait out an outage at %s and repeat only that write',
    async (call) => {
      const run = scriptedRun(...(call === 'bury' ? [poison()] : [content(), 'answer']));
      const { work, store, journal } = workBench({ run });
      store.failNext(call, outage(), 20);
      const done = work(q1);
      await vi.advanceTimersByTimeAsync(600_000);
      expect((await done).kind).toBe(call === 'bury' ? 'dead-lettered' : 'settled');
      expect(run.calls()).toBe(call === 'bury' ? 1 : 2);
      const repeated = journal.filter((each) => each === call);
      expect(repeated).toHaveLength(21);
    },
  );

  it('wait out a log and a book that are away, and never call again', async () => {
    const run = scriptedRun('answer');
    const { work, log, questions, journal, events } = workBench({ run });
    log.publishFailures.push(outage(), outage());
    questions.failures.push(outage());
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(done).resolves.toMatchObject({ kind: 'settled' });
    expect(run.calls()).toBe(1);
    expect(log.published).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'write-waits')).toHaveLength(3);
    expect(journal.indexOf('settle')).toBeGreaterThan(journal.lastIndexOf('publish next'));
  });

  it('keep their lease alive while they wait', async () => {
    const { work, store } = workBench();
    store.failNext('complete', outage(), 20);
    void work(q1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(store.renewals.length).toBeGreaterThanOrEqual(5);
    expect(store.row(key)?.renewal).toBeGreaterThanOrEqual(5);
  });

  it('that can never work settle nothing', async () => {
    const { work, log, journal } = workBench();
    log.publishFailures.push(new Failure('fatal', 'disk_full', 'The disk is full.'));
    await expect(work(q1)).resolves.toMatchObject({ kind: 'fatal', failure: { code: 'disk_full' } });
    expect(journal).not.toContain('settle');
  });
});

describe('a failure that only a person can mend', () => {
  it('settles nothing, buries nothing and gives the claim back', async () => {
    const { work, journal, store, questions } = workBench({ run: scriptedRun(fatal()) });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'fatal', failure: { code: 'unauthorized' } });
    expect(journal).toEqual(['claim', 'recordAttempt', 'release']);
    expect(store.row(key)?.state).toBe('void');
    expect(questions.deadLetters).toEqual([]);
  });
});

describe('a process that stops', () => {
  it('abandons what waits for its next attempt, and gives the claim back', async () => {
    const { work, journal, stop, store } = workBench({
      run: scriptedRun(transient({ retryAfterMs: 60_000 })),
    });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    stop.drain();
    await expect(done).resolves.toEqual({ kind: 'abandoned' });
    expect(journal).not.toContain('settle');
    expect(store.row(key)?.state).toBe('void');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('abandons what waits for the claim of another', async () => {
    const { work, journal, stop, store } = workBench();
    store.put(key, { state: 'claimed' });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    stop.drain();
    await expect(done).resolves.toEqual({ kind: 'abandoned' });
    expect(journal).not.toContain('settle');
  });

  it('finishes, stores and settles a call in flight', async () => {
    const answer = Promise.withResolvers<string>();
    const { work, journal, stop } = workBench({ run: async () => attemptResult(await answer.promise) });
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(0);
    stop.drain();
    answer.resolve('late answer');
    await expect(done).resolves.toMatchObject({ kind: 'settled' });
    expect(journal.at(-1)).toBe('settle');
  });

  it('gives up a write only when it must stop now', async () => {
    const { work, journal, stop, store } = workBench();
    store.failNext('complete', outage(), 1_000);
    const done = work(q1);
    await vi.advanceTimersByTimeAsync(1_000);
    stop.drain();
    await vi.advanceTimersByTimeAsync(60_000);
    stop.abort();
    await expect(done).resolves.toEqual({ kind: 'abandoned' });
    expect(journal).not.toContain('settle');
  });
});

describe('the delivery worker', () => {
  it('is total: whatever is thrown anywhere, it resolves, and settles only what is done', async () => {
    const thrown = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.constantFrom<unknown>(new Error('x'), poison(), fatal(), content()),
    );
    const places = fc.constantFrom('decode', 'workOf', 'wants', 'accept', 'run', 'decide');
    await fc.assert(
      fc.asyncProperty(places, thrown, async (place, error) => {
        const fail = (): never => {
          throw error;
        };
        const { work, journal } = workBench({ [place]: fail });
        let outcome: StageOutcome | undefined;
        work(q1).then((value) => {
          outcome = value;
        });
        await vi.advanceTimersByTimeAsync(60_000);
        expect(outcome?.kind).toMatch(/^(?:fatal|dead-lettered)$/);
        expect(journal.includes('settle')).toBe(outcome?.kind === 'dead-lettered');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a stage that recalls what is stored', () => {
  it('publishes it again and neither claims nor calls', async () => {
    const { work, journal, log } = workBench({ recall: async () => finished('stored') });
    await expect(work(q1)).resolves.toMatchObject({ kind: 'settled', called: false });
    expect(journal).toEqual(['move researched', 'publish next', 'settle']);
    expect(log.published[0]?.record.value).toBe('stored');
  });

  it('settles a record of which nothing is stored, unworked', async () => {
    const { work, journal } = workBench({ recall: async () => undefined });
    await expect(work(q1)).resolves.toEqual({ kind: 'skipped' });
    expect(journal).toEqual(['settle']);
  });

  it('passes over what cannot be decoded where it is told to: it is a dead letter already', async () => {
    const { work, journal } = workBench({ undecodable: 'pass-over' });
    await expect(work({ ...q1, value: 'no message' })).resolves.toEqual({ kind: 'skipped' });
    expect(journal).toEqual(['settle']);
  });
});
