import type { AttemptResult } from '../streams/delivery/stage.ts';
import { NO_USAGE } from '../streams/failure.ts';

/** The result of work that no model was asked for. */
export function unpaidResult<Result>(result: Result): AttemptResult<Result> {
  return { result, model: '', recipe: '', usage: NO_USAGE, costUsd: 0, finishReason: '', reply: '' };
}
