import { describe, expect, it } from 'vitest';
import {
  estimateText,
  replayExitCode,
  replayJson,
  replayText,
} from '../../../src/features/replay/replay-summary.ts';
import type { ReplaySummary } from '../../../src/features/replay/run-replay.ts';
import { EXIT } from '../../../src/infra/terminal/exit-code.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import type { ReplayPlan, ReplayRequest } from '../../../src/stages/store/replay-plan.ts';
import { noCounts, runProgress } from '../../support/run/run-progress.ts';
import { laneName } from '../../support/stage/work.ts';

function planOf(request: Partial<ReplayRequest> = {}): ReplayPlan {
  const everything = { from: 'beginning', to: 'end', topic: '', subTopic: '', status: [], changes: {} };
  return {
    name: laneName('second'),
    wish: { mode: 'reprocess', stage: 'generation', source: MAIN_LANE, ...everything, ...request },
    group: 'millrace.generation.replay.second',
    begin: new Map([[0, 0n]]),
    end: new Map([[0, 40n]]),
    startedAt: '2026-01-01T00:00:00.000Z',
  };
}

function summaryOf(overrides: Partial<ReplaySummary> = {}): ReplaySummary {
  return {
    plan: planOf(),
    simulated: false,
    reading: { messages: 40, read: 40, taken: 20 },
    ...{ isRead: true, interrupted: false, dead: 0, open: 0, seconds: 12, budgetSpent: undefined },
    counts: { ...noCounts, approved: 18, rejected: 2 },
    spent: runProgress().spent,
    ...overrides,
  };
}

describe('the end of a replay', () => {
  it('says what was read, what came of it, what it cost, and how to look at it', () => {
    const text = replayText(summaryOf());
    expect(text).toContain(
      'generation of main, reprocessed in the lane second: 40 of 40 messages read, 20 worked again',
    );
    expect(text).toContain('The lane: 18 approved, 2 rejected.');
    expect(text).toContain('300 calls in this process, 61.2K tokens');
    expect(text).toContain('millrace compare main second');
    expect(text).not.toContain('goes on where');
  });

  it('says how to go on where it was interrupted', () => {
    const text = replayText(summaryOf({ isRead: false, open: 3 }));
    expect(text).toContain('millrace replay --lane second  goes on');
  });

  it('speaks of no lane where results were only published again', () => {
    const text = replayText(summaryOf({ plan: planOf({ mode: 'republish' }) }));
    expect(text).toContain('20 published again');
    expect(text).not.toMatch(/compare|approved/);
  });

  it('can be read by a program, offsets included', () => {
    const json = JSON.parse(JSON.stringify(replayJson(summaryOf())));
    expect(json).toMatchObject({ type: 'summary', lane: 'second', source: 'main', end: { 0: 40 } });
    expect(json.reading).toEqual({ messages: 40, read: 40, taken: 20 });
  });

  it.each([
    [{}, false, EXIT.ok],
    [{ isRead: false }, false, EXIT.interrupted],
    [{ open: 1 }, false, EXIT.interrupted],
    [{ open: 1 }, true, EXIT.ok],
    [{ open: 1, budgetSpent: 'run' as const }, false, EXIT.budgetSpent],
    [{ counts: { ...noCounts, dead_lettered: 1 } }, false, EXIT.someDead],
    [{ dead: 1 }, true, EXIT.someDead],
  ])('is the exit code of a run: %j, --only-replay %s', (overrides, onlyReplay, code) => {
    expect(replayExitCode(summaryOf(overrides), onlyReplay)).toBe(code);
  });
});

describe('a dry run', () => {
  const estimate = { messages: 40, matching: 21, works: 20, calls: 44, costUsd: 1.5 };
  const known = { ...estimate, unpricedWorks: 0, unknownWorks: 0 };

  it('says what would be done and what it would cost, and that nothing was', () => {
    const text = estimateText(planOf(), known);
    expect(text).toContain('Dry run: nothing is called, published or kept.');
    expect(text).toContain('40 messages to read, 21 of them meant.');
    expect(text).toContain(
      '20 questions to work again: 44 calls, $1.50, going by what the same works took before.',
    );
  });

  it('says whose price it is, and what it does not know', () => {
    const plan = planOf({ changes: { 'model of review': 'strict' } });
    const text = estimateText(plan, { ...known, unpricedWorks: 3, unknownWorks: 1 });
    expect(text).toContain(
      '$1.50 + 3 works of unknown price, going by what the same works took before, at the price of the new model',
    );
    expect(text).toContain('1 question among them without a stored result');
  });

  it('of a republish costs nothing', () => {
    const text = estimateText(planOf({ mode: 'republish' }), { ...known, unknownWorks: 2 });
    expect(text).toContain('20 stored results to publish again: 0 calls, $0.00.');
    expect(text).toContain('2 messages without a stored result');
  });
});
