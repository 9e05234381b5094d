import { describe, expect, it } from 'vitest';
import { Meter } from '../../../../src/features/run/progress/meter.ts';
import type { StageEvent, StageOutcome } from '../../../../src/streams/delivery/stage-events.ts';
import { NO_USAGE } from '../../../../src/streams/failure.ts';
import type { Attempt } from '../../../../src/streams/work/work.ts';
import { outage, poison, transient } from '../../../support/failures.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { attempt, finished, workKey } from '../../../support/stage/work.ts';

const work = workKey();
const result = {
  kind: 'hold',
  status: 'held',
  waiting: { why: 'score', shown: '{}' },
  topic: 't.dataset',
  records: [],
} as const;
const paid = finished('r', {
  attempts: [attempt({ number: 1, outcome: 'content' }), attempt({ number: 2 })],
});

const settled = (called: boolean, made = paid): StageOutcome => ({
  kind: 'settled',
  work,
  result,
  finished: made,
  called,
});
const outcome = (each: StageOutcome, stage = 'research'): StageEvent => ({
  kind: 'outcome',
  record: logRecord(),
  stage,
  outcome: each,
});
const failed = (costUsd: number | null): StageEvent => {
  const failure = transient();
  return {
    kind: 'attempt-failed',
    record: logRecord(),
    stage: 'research',
    work,
    attempt: attempt({ costUsd }),
    failure,
  };
};

function stepMade(call: Attempt | undefined, costUsd: number | null = 0): StageEvent {
  const { model, usage } = call ?? { model: '', usage: NO_USAGE };
  const kind = call === undefined ? 'result' : 'turn';
  const facts = { n: 0, key: 'k', kind, drive: 0, at: '', durationMs: 5, body: null } as const;
  const step = { ...facts, model, usage, costUsd: call?.costUsd ?? costUsd };
  return { kind: 'step-made', stage: 'research', work, step, call };
}

function readingOf(...events: readonly StageEvent[]) {
  const meter = new Meter();
  for (const event of events) meter.onEvent(event);
  return meter.reading;
}

describe('a meter', () => {
  it('counts a look-up that failed apart from calls: it is none', () => {
    const inVain = { ...failed(0), lookUp: true } as StageEvent;
    expect(readingOf(inVain, failed(0.01))).toMatchObject({ calls: 1, failedAttempts: 2, failedLookUps: 1 });
    expect(readingOf(failed(0.01))).not.toHaveProperty('failedLookUps');
  });

  it('counts a call that succeeded once, with what its last attempt cost', () => {
    expect(readingOf(outcome(settled(true)))).toMatchObject({
      calls: 1,
      usage: { input: 100, output: 20, cached: 5, reasoning: 3 },
      costUsd: 1,
      unpricedCalls: 0,
    });
  });

  it('counts failed attempts as calls: they were paid for', () => {
    const reading = readingOf(failed(1), failed(0.5), outcome(settled(true)));
    expect(reading).toMatchObject({ calls: 3, failedAttempts: 2, costUsd: 2.5 });
    expect(reading.stages.get('research')).toMatchObject({ failedAttempts: 2, done: 1 });
  });

  it('counts each turn of a work that goes step by step as it is made, and nothing at its end', () => {
    const steps = [stepMade(attempt()), stepMade(attempt({ outcome: 'content' })), stepMade(attempt())];
    const dead: StageOutcome = { kind: 'dead-lettered', work, failure: poison() };
    const ended = settled(true, { ...paid, stepped: true });
    for (const end of [dead, ended])
      expect(readingOf(...steps, outcome(end))).toMatchObject({
        ...{ calls: 3, failedAttempts: 1, costUsd: 3, unpricedCalls: 0 },
        usage: { input: 300, output: 60 },
      });
  });

  it('counts what look-ups cost, and takes them for no calls', () => {
    expect(readingOf(stepMade(undefined, 0.25), stepMade(undefined, null))).toMatchObject({
      ...{ calls: 0, costUsd: 0.25, unpricedCalls: 1 },
    });
  });

  it('counts nothing for what was done before', () => {
    const before: StageOutcome[] = [
      settled(false),
      { kind: 'repeated', work, dead: false },
      { kind: 'skipped' },
    ];
    expect(readingOf(...before.map((each) => outcome(each)))).toMatchObject({ calls: 0, costUsd: 0 });
  });

  it('counts no call for work that no model was asked for', () => {
    const free = finished('r', { attempts: [attempt({ model: '', costUsd: 0 })] });
    const reading = readingOf(outcome(settled(true, free), 'storage'));
    expect(reading.calls).toBe(0);
    expect(reading.stages.get('storage')?.done).toBe(1);
  });

  it('keeps calls of unknown price apart', () => {
    expect(readingOf(failed(null), failed(1))).toMatchObject({ calls: 2, costUsd: 1, unpricedCalls: 1 });
  });

  it('knows how many calls are on their way, per stage', () => {
    const started: StageEvent = { kind: 'call-started', stage: 'research', work };
    const ended: StageEvent = { kind: 'call-ended', stage: 'research', work };
    const { stages } = readingOf(started, started, ended, { ...started, stage: 'review' });
    expect([stages.get('research')?.inFlight, stages.get('review')?.inFlight]).toEqual([1, 1]);
  });

  it('counts dead letters, and nothing of what was abandoned or waits', () => {
    const dead: StageOutcome = { kind: 'dead-lettered', work, failure: poison() };
    const waits: StageEvent = { kind: 'write-waits', stage: 'research', failure: outage() };
    const reading = readingOf(outcome(dead), outcome({ kind: 'abandoned' }), waits);
    expect(reading.stages.get('research')).toMatchObject({
      inFlight: 0,
      done: 0,
      dead: 1,
      failedAttempts: 0,
    });
  });

  it('gives readings that do not change afterwards', () => {
    const meter = new Meter();
    meter.onEvent(failed(1));
    const before = meter.reading;
    meter.onEvent(failed(1));
    expect(before.calls).toBe(1);
    expect(before.stages.get('research')?.failedAttempts).toBe(1);
  });
});
