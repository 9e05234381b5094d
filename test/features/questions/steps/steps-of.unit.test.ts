import { describe, expect, it } from 'vitest';
import { withCalls } from '../../../../src/features/questions/steps/steps-of.ts';
import type { StoredWork } from '../../../../src/stages/store/store.ts';
import type { TurnBody } from '../../../../src/stages/tools/step-body.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import { attempt } from '../../../support/stage/work.ts';

const usage = { input: 1, output: 1, cached: 0, reasoning: 0 };
const work = (state: string, attempts: StoredWork['attempts'] = []): StoredWork => ({
  ...{ stage: 'research', revision: 0, state, model: '', recipe: '', usage: undefined },
  ...{ costUsd: 0, attempts, result: null, updatedAt: '' },
});
function turn(n: number, outcome: TurnBody['outcome'], at: string): Step {
  const said = { message: null, text: 'said', reasoning: '', calls: [], finishReason: 'stop' };
  const body: TurnBody = { ...said, last: false, recipe: 'r', outcome, code: 'no_evidence' };
  const facts = { n, key: `turn/${n}`, kind: 'turn', drive: 0, at, durationMs: 1 } as const;
  return { ...facts, model: 'fake', usage, costUsd: 0, body };
}

describe('the calls of a work that goes step by step', () => {
  const steps = [
    turn(0, 'calls', '2026-01-01T00:00:01.000Z'),
    turn(1, 'unusable', '2026-01-01T00:00:03.000Z'),
  ];

  it('stand among its attempts while it is not done, and when it is dead', () => {
    const failed = attempt({ outcome: 'transient', startedAt: '2026-01-01T00:00:02.000Z' });
    const [dead] = withCalls([work('dead', [failed])], [steps]);
    expect(dead?.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'ok'],
      [2, 'transient'],
      [3, 'content'],
    ]);
  });

  it('are not counted twice where it is done', () => {
    const done = work('done', [attempt(), attempt({ number: 2 })]);
    expect(withCalls([done], [steps])).toEqual([done]);
  });
});
