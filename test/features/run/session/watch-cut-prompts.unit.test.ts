import { pino } from 'pino';
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { watchCutPrompts } from '../../../../src/features/run/session/model-notices.ts';
import { PROMPT_CUT } from '../../../../src/stages/agent/cut-prompt.ts';
import type { StageEvent } from '../../../../src/streams/delivery/stage-events.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { attempt, finished, questionId, workKey } from '../../../support/stage/work.ts';

const settled = (model: string, code: string, called = true): StageEvent => ({
  ...{ kind: 'outcome', stage: 'research', record: logRecord({ value: '{}' }) },
  outcome: {
    ...{ kind: 'settled', work: workKey({ questionId: questionId('q1') }), called },
    result: { kind: 'finish', status: 'approved', topic: 'n.dataset', records: [] },
    finished: {
      ...finished({}),
      attempts: [attempt({ outcome: 'ok', model, code, message: 'It cut it. Mend it.' })],
    },
  },
});

it('a server that cuts prompts is told of once for each model, with a question that it happened to', () => {
  const events = new Subject<StageEvent>();
  const notices: string[] = [];
  watchCutPrompts(events, { logger: pino({ level: 'silent' }), onNotice: (text) => notices.push(text) });
  events.next(settled('small', 'ok'));
  // A stored result was told of when it was made.
  events.next(settled('stored', PROMPT_CUT, false));
  for (const model of ['small', 'small', 'other']) events.next(settled(model, PROMPT_CUT));
  expect(notices).toEqual([
    'small: It cut it.\n  Mend it.\n  Said once. See: millrace show q1',
    'other: It cut it.\n  Mend it.\n  Said once. See: millrace show q1',
  ]);
});
