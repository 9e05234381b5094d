import { Failure } from '../../streams/failure.ts';

/** The caller wanted no answer any more. */
export function abortedFailure(): Failure {
  return new Failure('transient', 'aborted', 'The call was cancelled before an answer came.');
}
