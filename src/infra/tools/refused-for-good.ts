import { Failure } from '../../streams/failure.ts';

/** What is wrong with a call for good, whatever is tried again: the model is told, and goes elsewhere. */
export function refusedForGood(code: string, message: string, cause?: unknown): Failure {
  return new Failure('content', code, message, { final: true, ...(cause === undefined ? {} : { cause }) });
}
