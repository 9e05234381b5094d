import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { logEvent } from '../../../../src/features/run/session/event-log.ts';
import type { StageEvent, StageOutcome } from '../../../../src/streams/delivery/stage-events.ts';
import { fatal, outage, poison, transient } from '../../../support/failures.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { attempt, finished, workKey } from '../../../support/stage/work.ts';

const work = workKey();
const record = logRecord({
  topic: 'millrace.research',
  partition: 3,
  offset: 9_007_199_254_740_991n,
  key: 'q1',
});
const place = {
  stage: 'research',
  topic: 'millrace.research',
  partition: 3,
  offset: 9_007_199_254_740_991,
  questionId: 'q1',
};

const held = {
  kind: 'hold',
  status: 'held',
  waiting: { why: 'audit', shown: '{}' },
  topic: '',
  records: [],
} as const;

/** The one line that is written of the event, at whatever level. */
function lineOf(event: StageEvent): unknown {
  const lines: string[] = [];
  logEvent(pino({ base: null }, { write: (line) => lines.push(line) }), event);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

const outcome = (of: StageOutcome): StageEvent => ({
  kind: 'outcome',
  stage: 'research',
  record,
  outcome: of,
});

describe('a line of the log about a record', () => {
  it.each<[string, StageEvent, object]>([
    [
      'an attempt that failed',
      { kind: 'attempt-failed', stage: 'research', record, work, attempt: attempt(), failure: transient() },
      { lane: 'main', revision: 0, attempt: 1, code: 'conflict', kind: 'transient', level: 40 },
    ],
    [
      'a dead letter',
      outcome({ kind: 'dead-lettered', work, failure: poison() }),
      { lane: 'main', kind: 'poison', level: 50 },
    ],
    [
      'a record that could not be read',
      outcome({ kind: 'dead-lettered', work: undefined, failure: poison() }),
      { kind: 'poison', level: 50 },
    ],
    ['what stops everything', outcome({ kind: 'fatal', failure: fatal() }), { kind: 'fatal', level: 60 }],
    [
      'a record that only a newer version can read',
      outcome({ kind: 'left', failure: poison() }),
      { level: 40 },
    ],
  ])('names question, stage, topic, partition and offset of %s', (_, event, more) => {
    expect(lineOf(event)).toMatchObject({ ...place, ...more });
  });

  it.each<[string, StageOutcome]>([
    ['settled', { kind: 'settled', work, result: held, finished: finished('x'), called: true }],
    ['repeated', { kind: 'repeated', work, dead: false }],
    ['skipped', { kind: 'skipped' }],
    ['abandoned', { kind: 'abandoned' }],
  ])('is not written where it went well: %s', (_, went) => {
    const lines: string[] = [];
    logEvent(pino({ base: null }, { write: (line) => lines.push(line) }), outcome(went));
    expect(lines).toEqual([]);
  });

  it('names its stage where a write waits, which is of no one record', () => {
    const event = { kind: 'write-waits', stage: 'research', failure: outage() } as const;
    expect(lineOf(event)).toMatchObject({ stage: 'research', kind: 'outage', level: 50 });
  });
});
