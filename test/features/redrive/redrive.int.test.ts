import { describe, expect, it, onTestFinished } from 'vitest';
import { redrive } from '../../../src/features/redrive/redrive.ts';
import { redriveForecast } from '../../../src/features/redrive/redrive-forecast.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import type { LaneName } from '../../../src/streams/work/work.ts';
import {
  deadLetterOf,
  failedAttemptOf,
  listOf,
  newWork,
  questionOf,
  workOf,
} from '../../../src/testing/store/fixtures.ts';
import { openedEngine } from '../../infra/engines/sqlite/opened.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';

const LATER = '2026-02-01T00:00:00.000Z';

async function bench() {
  const { engine, close } = await openedEngine('append');
  onTestFinished(close);
  const { store } = engine;
  const stop = new AbortController();
  const logs: FakeLog[] = [];
  const operate = (log = new FakeLog()) => {
    logs.push(log);
    return { store, log, stop: stop.signal };
  };
  const sentTo = () => logs.flatMap(({ published }) => published.map(({ record }) => record.key)).toSorted();
  /** A question that ended as a dead letter of research. */
  const dead = async (lane = 'main') => {
    const question = questionOf();
    const work = workOf(question, { lane: lane as LaneName });
    await store.questions.accept(work, question, undefined);
    await store.move({ work, status: 'dead_lettered' });
    const value = JSON.stringify({ v: 1, lane, question });
    await store.putDeadLetter(deadLetterOf(work, { value }));
    return { question, work };
  };
  return { store, stop, operate, sentTo, dead };
}

describe('redrive', () => {
  it('sends each dead letter once, whoever of two operators takes it', async () => {
    const { store, operate, sentTo, dead } = await bench();
    const deadLetters = await Promise.all(Array.from({ length: 250 }, () => dead()));
    const [one, two] = await Promise.all([
      redrive(operate(), { query: {} }),
      redrive(operate(), { query: {} }),
    ]);
    expect(sentTo()).toEqual(deadLetters.map(({ question }) => questionIdOf(question)).toSorted());
    expect(one.deadLetters + two.deadLetters).toBe(250);
    expect(await listOf(store.deadLetters.list({ lives: ['sent'] }))).toHaveLength(250);
  });

  it('reopens the question, in whatever lane, and counts it for the run', async () => {
    const { store, operate, dead } = await bench();
    const { question, work } = await dead('other');
    const run = 'run-1';
    await store.runs.open({ id: run, lane: 'main' as LaneName, startedAt: LATER, input: 'letters' });
    await redrive(operate(), { query: {}, run: { id: run, firstPosition: 0 } });
    expect((await store.reports.outcome(work.lane, questionIdOf(question)))?.status).toBe('questions_added');
    expect((await store.runs.counts(run)).questions_added).toBe(1);
  });

  it('sends what its filters mean and leaves the rest open', async () => {
    const { store, operate, sentTo, dead } = await bench();
    const { work } = await dead();
    await dead();
    const sent = await redrive(operate(), { query: { id: work.questionId } });
    expect(sent).toMatchObject({ deadLetters: 1 });
    expect(sentTo()).toEqual([work.questionId]);
    expect(await listOf(store.deadLetters.list({ lives: ['open'] }))).toHaveLength(1);
  });

  it('does not send again what dies again while it sends', async () => {
    const { store, operate, dead } = await bench();
    const { work } = await dead();
    const log = new FakeLog();
    const publish = log.publish.bind(log);
    log.publish = async (topic, records) => {
      await publish(topic, records);
      await store.putDeadLetter(deadLetterOf({ ...work, drive: 1 }, { at: LATER }));
    };
    expect(await redrive(operate(log), { query: {} })).toMatchObject({ deadLetters: 1 });
    expect(await listOf(store.deadLetters.list({}))).toMatchObject([{ drive: 1, life: { kind: 'open' } }]);
  });

  it('gives back what it has not sent when the log is away', async () => {
    const { store, operate, dead } = await bench();
    await dead();
    const log = new FakeLog();
    log.publish = () => Promise.reject(new RangeError('no log'));
    await expect(redrive(operate(log), { query: {} })).rejects.toThrow('no log');
    expect(await listOf(store.deadLetters.list({ lives: ['open'] }))).toHaveLength(1);
  });

  it('forecasts what it would send, from what the calls have cost', async () => {
    const { store, operate, sentTo } = await bench();
    const two = [failedAttemptOf(1, { costUsd: 0.2 }), failedAttemptOf(2, { costUsd: 0.4 })];
    await store.putDeadLetter(deadLetterOf(newWork(), { attempts: two }));
    await store.putDeadLetter(deadLetterOf(newWork(), { attempts: [] }));
    const expected = await redriveForecast(store.deadLetters, {});
    expect(expected).toMatchObject({ letters: 2, unpriced: 1 });
    expect(expected.leastUsd).toBeCloseTo(0.3);
    expect(expected.mostUsd).toBeCloseTo(0.6);
    operate();
    expect(sentTo()).toEqual([]);
  });
});
