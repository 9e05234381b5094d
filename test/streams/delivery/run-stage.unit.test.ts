import { BehaviorSubject, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runStage } from '../../../src/streams/delivery/run-stage.ts';
import type { Stage } from '../../../src/streams/delivery/stage.ts';
import type { StageEvent } from '../../../src/streams/delivery/stage-events.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { outageSignal, poison, transient } from '../../support/failures.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { FakeStatuses } from '../../support/fakes/fake-question-book.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';
import { questionRecord, type TestMessage, testStage } from '../../support/stage/test-stage.ts';
import { attemptResult } from '../../support/stage/work.ts';

type Options = Readonly<{
  records: number;
  permits?: number;
  credits?: number;
  paused?: Observable<boolean>;
}>;

/** A whole stage on fakes; `run` may be watched and steered per question. */
function running(
  { records, permits = 100, credits = 100, paused }: Options,
  run: Stage<TestMessage, string>['run'] = async ({ question }) => attemptResult(question),
) {
  const journal: string[] = [];
  const events: StageEvent[] = [];
  const stop = testStop();
  const names = Array.from({ length: records }, (_, number) => `q${number}`);
  const partition = names.map((name, offset) => questionRecord(name, { offset: BigInt(offset) }));
  const log = new FakeLog({ partitions: [partition], auto: true, journal });
  const questions = new FakeStatuses(journal);
  const store = new FakeWorkStore<string>(journal);
  const { gate, circuit } = testEndpoint(permits, stop.signals.draining);
  const policy = retryPolicy({ random: () => 0.5 });
  const onEvent = (event: StageEvent) => void events.push(event);
  const deps = { log, questions, gate, policy, paused, stop: stop.signals, onEvent };
  const stage = runStage(testStage(store, { run }), deps, { group: 'g', credits });
  const published = () =>
    log.published.filter(({ topic }) => topic === 'next').map(({ record }) => record.key);
  const outcomes = () => events.flatMap((event) => (event.kind === 'outcome' ? [event.outcome.kind] : []));
  const committed = () => log.consumerMade.committed.get(0) ?? 0n;
  return { stage, circuit, stop, log, journal, store, questions, published, outcomes, committed, names };
}

const soon = () => vi.advanceTimersByTimeAsync(0);
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a paused stage', () => {
  it('takes nothing from the start on, and goes on where it was once it is resumed', async () => {
    const paused = new BehaviorSubject(true);
    const { published, committed } = running({ records: 30, paused });
    await seconds(60);
    expect(published()).toEqual([]);
    paused.next(false);
    await seconds(1);
    expect(published()).toHaveLength(30);
    expect(committed()).toBe(30n);
  });

  it('finishes what it has in hand, and takes no more', async () => {
    const paused = new BehaviorSubject(false);
    const work: Stage<TestMessage, string>['run'] = async ({ question }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return attemptResult(question);
    };
    const { published, committed, stage } = running({ records: 30, credits: 10, paused }, work);
    await soon();
    paused.next(true);
    await seconds(10);
    expect(published().length).toBeLessThanOrEqual(10);
    expect(stage.unsettled()).toBe(0);
    expect(committed()).toBe(BigInt(published().length));
  });

  it('ends when it is drained', async () => {
    const { stage, journal } = running({ records: 30, paused: new BehaviorSubject(true) });
    await stage.drain();
    expect(journal.at(-1)).toBe('stop');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a stage at work', () => {
  it('works every record, commits them all and leaves when it is drained', async () => {
    const { stage, published, committed, names, journal, outcomes } = running({ records: 250 });
    await seconds(1);
    expect(published().toSorted()).toEqual(names.toSorted());
    expect(stage.unsettled()).toBe(0);
    await stage.drain();
    expect(committed()).toBe(250n);
    expect(outcomes()).toEqual(names.map(() => 'settled'));
    expect(journal.at(-1)).toBe('stop');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes no more calls at once than its batch size, and keeps that many going', async () => {
    let inFlight = 0;
    const counts: number[] = [];
    const { stage, published } = running({ records: 30, permits: 4 }, async ({ question }) => {
      inFlight += 1;
      counts.push(inFlight);
      await new Promise((resolve) => setTimeout(resolve, Number(question.slice(1)) % 3 === 0 ? 500 : 100));
      inFlight -= 1;
      return attemptResult(question);
    });
    await seconds(10);
    expect(published()).toHaveLength(30);
    expect(Math.max(...counts)).toBe(4);
    expect(counts.slice(3).every((count) => count === 4)).toBe(true);
    await stage.drain();
  });

  it('has no more records out than its credits', async () => {
    const { stage, stop } = running({ records: 100, credits: 8 }, async () => new Promise(() => undefined));
    await seconds(5);
    expect(stage.unsettled()).toBe(8);
    stop.abort();
  });

  it('goes on past a slow record, and commits nothing beyond it', async () => {
    const slow = Promise.withResolvers<void>();
    const { published, committed, stage } = running({ records: 20 }, async ({ question }) => {
      if (question === 'q3') await slow.promise;
      return attemptResult(question);
    });
    await seconds(1);
    expect(published()).toHaveLength(19);
    expect(committed()).toBe(3n);
    slow.resolve();
    await seconds(1);
    expect(committed()).toBe(20n);
    await stage.drain();
  });

  it('retries one record without disturbing its neighbours', async () => {
    const calls = new Map<string, number>();
    const { published, committed, stage } = running({ records: 10 }, async ({ question }) => {
      const number = (calls.get(question) ?? 0) + 1;
      calls.set(question, number);
      if (question === 'q4' && number < 4) throw transient();
      return attemptResult(question);
    });
    await soon();
    expect(published()).toHaveLength(9);
    await seconds(60);
    expect(committed()).toBe(10n);
    expect([...calls]).toEqual(expect.arrayContaining([['q4', 4]]));
    expect([...calls.values()].reduce((sum, number) => sum + number, 0)).toBe(13);
    await stage.drain();
  });

  it('buries poison and works the rest', async () => {
    const { published, committed, questions, stage } = running({ records: 10 }, async ({ question }) => {
      if (question === 'q0') throw poison();
      return attemptResult(question);
    });
    await seconds(1);
    expect(published()).toHaveLength(9);
    expect(questions.deadLetters.map(({ key }) => key)).toEqual(['q0']);
    expect(committed()).toBe(10n);
    await stage.drain();
  });

  it('settles nothing of a fatal failure, and tells of it', async () => {
    const { committed, outcomes, stage, questions } = running({ records: 5 }, async ({ question }) => {
      if (question === 'q2') throw new Failure('fatal', 'bad_certificate', 'Nobody vouches for it.');
      return attemptResult(question);
    });
    await seconds(1);
    expect(outcomes().toSorted()).toEqual(['fatal', 'settled', 'settled', 'settled', 'settled']);
    await stage.drain();
    expect(committed()).toBe(2n);
    expect(questions.deadLetters).toEqual([]);
  });

  it('takes no record while the circuit is open, and goes on when a probe is answered', async () => {
    let down = true;
    const { stage, circuit, published, outcomes } = running(
      { records: 60, permits: 5, credits: 20 },
      async ({ question }) => {
        if (down) throw outageSignal();
        return attemptResult(question);
      },
    );
    await seconds(1);
    const taken = stage.unsettled();
    expect(circuit.state.kind).toBe('open');
    await seconds(60);
    expect(stage.unsettled()).toBe(taken);
    down = false;
    await seconds(120);
    expect(published()).toHaveLength(60);
    expect(new Set(outcomes())).toEqual(new Set(['settled']));
    await stage.drain();
  });

  it('waits out an outage with everything else, and buries nothing', async () => {
    let down = true;
    const { published, stage, questions } = running({ records: 50, permits: 10 }, async ({ question }) => {
      if (down) throw outageSignal();
      return attemptResult(question);
    });
    await seconds(600);
    expect(published()).toEqual([]);
    down = false;
    await seconds(300);
    expect(published()).toHaveLength(50);
    expect(questions.deadLetters).toEqual([]);
    await stage.drain();
  });
});

describe('a stage that drains', () => {
  it('finishes calls in flight, abandons what waits, and gives its claims back', async () => {
    const answer = Promise.withResolvers<void>();
    const { stage, stop, outcomes, committed, store } = running(
      { records: 4, permits: 2 },
      async ({ question }) => {
        await answer.promise;
        return attemptResult(question);
      },
    );
    await soon();
    stop.drain();
    await soon();
    answer.resolve();
    await stage.done;
    expect(outcomes().toSorted()).toEqual(['abandoned', 'abandoned', 'settled', 'settled']);
    expect(committed()).toBe(2n);
    expect([...store.rows.values()].map(({ state }) => state)).toEqual(['done', 'done', 'void', 'void']);
  });

  it('takes no record that comes later', async () => {
    const { stage, log } = running({ records: 3 });
    await seconds(1);
    await stage.drain();
    const { receiver } = log.consumerMade.subscription;
    expect(receiver.onRecords(0, [questionRecord('q9', { offset: 3n })])).toBe(0);
  });

  it('resolves where nothing was started at all', async () => {
    const { stage, published } = running({ records: 0 });
    await stage.drain();
    expect(published()).toEqual([]);
  });
});

describe('a stage whose consumer dies', () => {
  it('rejects with the failure, commits what is settled and leaves its group', async () => {
    const { stage, log, journal } = running({ records: 3 });
    await soon();
    const failed = expect(stage.done).rejects.toMatchObject({ code: 'broker_gone' });
    log.consumerMade.subscription.receiver.onFailed(new Failure('fatal', 'broker_gone', 'It is gone.'));
    await failed;
    expect(journal.slice(-2)).toEqual(['commit 0:3', 'stop']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
