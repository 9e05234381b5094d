import type { AttemptResult } from '../streams/delivery/stage.ts';

/** The result of work that no model was asked for. */
export function freeWork<Result>(result: Result): AttemptResult<Result> {
  const usage = { input: 0, output: 0, cached: 0, reasoning: 0 };
  return { result, model: '', recipe: '', usage, costUsd: 0, finishReason: '', reply: '' };
}
