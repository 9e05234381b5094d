import type { AttemptResult } from '../../../src/streams/delivery/stage.ts';
import type {
  Attempt,
  Finished,
  LaneName,
  QuestionId,
  Token,
  WorkKey,
} from '../../../src/streams/work/work.ts';

/** The one place in the tests that makes branded ids. */
export const laneName = (name: string) => name as LaneName;
export const questionId = (id: string) => id as QuestionId;
export const tokenOf = (text: string) => text as Token;

export function workKey(overrides: Partial<WorkKey> = {}): WorkKey {
  return {
    lane: laneName('main'),
    questionId: questionId('q1'),
    stage: 'research',
    revision: 0,
    drive: 0,
    ...overrides,
  };
}

const usage = { input: 100, output: 20, cached: 5, reasoning: 3 };

export function attemptResult<Result>(
  result: Result,
  overrides: Partial<AttemptResult<Result>> = {},
): AttemptResult<Result> {
  const paid = { model: 'fake', recipe: 'recipe', usage, costUsd: 1 };
  return { result, ...paid, finishReason: 'stop', reply: JSON.stringify(result), ...overrides };
}

export function attempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 5,
    outcome: 'ok',
    code: 'ok',
    message: '',
    model: 'fake',
    finishReason: 'stop',
    usage,
    costUsd: 1,
    reply: '{}',
    ...overrides,
  };
}

export function finished<Result>(
  result: Result,
  overrides: Partial<Finished<Result>> = {},
): Finished<Result> {
  return {
    result,
    model: 'fake',
    recipe: 'recipe',
    usage,
    costUsd: 1,
    attempts: [attempt()],
    ...overrides,
  };
}
