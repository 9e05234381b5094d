import { describe, expect, it } from 'vitest';
import { statusText } from '../../../src/features/flow/status-command.ts';
import { statuses } from '../../../src/stages/status.ts';
import type { Progress, StageTally, StatusCounts } from '../../../src/stages/store/store.ts';

const counts: StatusCounts = {
  ...{ pending: 0, questions_added: 0, researched: 0, generated: 0, reviewed: 0, held: 0 },
  ...{ approved: 3, rejected: 1, dead_lettered: 0 },
};

const NO_DEAD_LETTERS = { count: 0, deadLetters: [] };

function progressWith(costUsd: number, unpricedCalls: number): Progress {
  const usage = { input: 500, output: 400, cached: 0, reasoning: 0 };
  const tally: StageTally = { done: 4, dead: 0, failedAttempts: 0, usage, costUsd, unpricedCalls };
  const stages = { research: tally, generation: tally, review: tally };
  return { questions: counts, stages, endedLastMinute: 0 };
}

describe('the text of `millrace status`', () => {
  it('counts every question', () => {
    expect(statuses().every((status) => status in counts)).toBe(true);
    expect(statusText(progressWith(0, 0), NO_DEAD_LETTERS, false)).toContain(
      '4 questions, none of them still open',
    );
  });

  it('calls nothing free whose price is not known, and says how to give prices', () => {
    const text = statusText(progressWith(0, 4), NO_DEAD_LETTERS, false);
    expect(text).toContain('4 calls of unknown price');
    expect(text).not.toContain('$0.00');
    expect(text).toContain('prices: { "my-model": { input: 1, output: 2 } }');
  });

  it('keeps known and unknown prices apart, and asks for none where all are known', () => {
    expect(statusText(progressWith(0.5, 2), NO_DEAD_LETTERS, false)).toContain(
      '$0.5000 + 2 calls of unknown price',
    );
    const known = statusText(progressWith(0.5, 0), NO_DEAD_LETTERS, false);
    expect(known).toContain('$0.5000');
    expect(known).not.toContain('unknown');
  });
});
