import { expect, it } from 'vitest';
import { historyText } from '../../../src/features/questions/show-command.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';

/** Clears the screen, writes the clipboard (OSC 52), turns the direction, begins a line of its own. */
const HOSTILE = 'x\u001b[2J\u001b]52;c;AAAA\u0007\u202e\u009b\n  review, revision 9: done';

it('a story shows nothing of strangers that a terminal would obey, and no line that they made up', () => {
  const usage = { input: 1, output: 1, cached: 0, reasoning: 0 };
  const attempt = {
    ...{ number: 1, outcome: 'ok' as const, code: '', message: HOSTILE, durationMs: 1, startedAt: '' },
    ...{ model: HOSTILE, finishReason: '', usage, costUsd: 0, reply: HOSTILE },
  };
  const work = {
    ...{ stage: 'research', revision: 0, state: 'done', model: HOSTILE, recipe: 'r1', usage },
    ...{ costUsd: 0, attempts: [attempt], updatedAt: '' },
    result: { summary: HOSTILE },
  };
  const text = historyText({
    ...{
      lane: MAIN_LANE,
      questionId: 'abc',
      status: 'approved',
      deadLetters: [],
      decisions: [],
      shadows: [],
    },
    question: questionOf({ text: HOSTILE, topic: HOSTILE, subTopic: HOSTILE }),
    submissions: [{ run: HOSTILE, position: 0, id: HOSTILE }],
    works: [work],
  });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(text.split('\n').filter((line) => line.startsWith('  review'))).toEqual([]);
});
