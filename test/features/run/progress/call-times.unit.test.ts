import { expect, it } from 'vitest';
import { CallTimes } from '../../../../src/features/run/progress/call-times.ts';
import type { StageEvent } from '../../../../src/streams/delivery/stage-events.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { finished, questionId, workKey } from '../../../support/stage/work.ts';

const workOf = (id: string) => workKey({ questionId: questionId(id) });

it('the times of calls are those of the last ones, longer by what failed calls cost a question', () => {
  const times = new CallTimes();
  const call = (work: ReturnType<typeof workOf>, startMs: number, endMs: number) => {
    times.onEvent({ kind: 'call-started', stage: 'research', work }, startMs);
    times.onEvent({ kind: 'call-ended', stage: 'research', work }, endMs);
  };
  const settle = (work: ReturnType<typeof workOf>) => {
    const result = { kind: 'finish', status: 'approved', topic: 't', records: [] } as const;
    const outcome = { kind: 'settled', work, result, finished: finished({}), called: true } as const;
    const event: StageEvent = { kind: 'outcome', stage: 'research', record: logRecord(), outcome };
    times.onEvent(event, 0);
  };
  expect(times.read('research', 0)).toEqual({ agesMs: [], timesMs: [] });
  const [one, two, open] = [workOf('q1'), workOf('q2'), workOf('q3')];
  call(one, 0, 100);
  settle(one);
  call(two, 0, 300);
  call(two, 400, 600);
  settle(two);
  times.onEvent({ kind: 'call-started', stage: 'research', work: open }, 600);
  expect(times.read('research', 650)).toEqual({ agesMs: [50], timesMs: [150, 450, 300] });
  for (let more = 0; more < 500; more += 1) call(one, 0, 20);
  expect(new Set(times.read('research', 650).timesMs).size).toBe(1);
});
