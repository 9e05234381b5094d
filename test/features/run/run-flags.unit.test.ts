import { expect, it } from 'vitest';
import { type RunFlags, runContradictionIn } from '../../../src/features/run/run-flags.ts';

it.each([
  [{ maxQuestions: 1, redo: 'generation' }, /^Either --max-questions or --redo: a redo works every question/],
  [{ target: 5, redo: 'generation' }, /^Either --target or --redo: a redo works every question/],
  [{ estimate: 5, redo: 'generation' }, /^Either --estimate or --redo: a redo works every question/],
  [{ targetPer: 'topic' }, /^How many of each\?/],
] as const)('flags of a run that say two things are refused before anything is paid: %j', (flags, words) => {
  expect(runContradictionIn('questions.jsonl', flags as unknown as RunFlags)).toMatch(words);
});

it('flags that go together are taken', () => {
  const flags = { maxQuestions: 1, target: 5, maxBad: 0.5 };
  expect(runContradictionIn('questions.jsonl', flags)).toBeUndefined();
});
