import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { FirstAnswers } from '../../../src/streams/limits/first-answers.ts';
import { isStopping } from '../../../src/streams/stop.ts';

const rejected = (words = 'no such model') =>
  new Failure('poison', 'request_rejected', words, { scope: 'unclear' });
const forbidden = () => new Failure('fatal', 'forbidden', 'go away', { scope: 'unclear' });

function judging() {
  const first = new FirstAnswers('review');
  const judged: Failure[] = [];
  const judge = (failure: Failure, work: string) =>
    void first.judge(failure, work).then((verdict) => judged.push(verdict));
  return { first, judged, judge };
}
const soon = () => vi.advanceTimersByTimeAsync(0);

describe('the first answers to a stage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stop the run with the words when three works were refused alike and none is on its way', async () => {
    const { first, judged, judge } = judging();
    for (const work of ['a', 'b', 'c']) judge(rejected(`request ${work}1: no such model`), work);
    expect(first.isEnough).toBe(true);
    first.onArrival(1);
    await soon();
    expect(judged).toEqual([]);
    first.onArrival(0);
    await soon();
    expect(judged.map(({ kind, code }) => [kind, code])).toEqual(
      Array.from({ length: 3 }, () => ['fatal', 'request_rejected']),
    );
    expect(judged[0]?.message).toContain('no such model');
    expect(judged[0]?.message).toContain('Its first 3 calls for review');
  });

  it('stop the run after ten works that were refused in different words', async () => {
    const { first, judged, judge } = judging();
    const words = [...'abcdefghij'];
    for (const word of words) judge(rejected(`bad ${word}`), word);
    first.onArrival(0);
    await soon();
    expect(judged.filter(({ kind }) => kind === 'fatal')).toHaveLength(10);
  });

  it('give a refusal back to its own work once another was answered', async () => {
    const { first, judged, judge } = judging();
    judge(rejected(), 'a');
    judge(forbidden(), 'b');
    first.onAnswered();
    await soon();
    expect(judged.map(({ kind }) => kind)).toEqual(['poison', 'poison']);
    judge(forbidden(), 'c');
    await soon();
    expect(judged.at(-1)).toMatchObject({ kind: 'poison', code: 'forbidden' });
    expect(first.isEnough).toBe(false);
  });

  it('take one work that is asked again and again for one', async () => {
    const { first, judge } = judging();
    for (let time = 0; time < 20; time += 1) judge(rejected(`time ${'x'.repeat(time)}`), 'a');
    first.onArrival(0);
    expect(first.isEnough).toBe(false);
  });

  it('leave a refusal as it is where nobody else is asked', async () => {
    const { judged, judge } = judging();
    judge(rejected(), 'a');
    judge(forbidden(), 'b');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(judged.map(({ kind }) => kind)).toEqual(['poison', 'fatal']);
  });

  it('keep nobody waiting when the process stops', async () => {
    const { first, judged, judge } = judging();
    judge(rejected(), 'a');
    first.stop();
    await soon();
    expect(judged.every(isStopping)).toBe(true);
    expect(judged).toHaveLength(1);
  });

  it('say nothing of failures that are clear', async () => {
    const { first } = judging();
    const clear = new Failure('transient', 'server_error', 'oops');
    await expect(first.judge(clear, 'a')).resolves.toBe(clear);
  });
});
