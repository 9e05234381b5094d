import { Failure } from '../../../streams/failure.ts';

/** A file that cannot be a document; the others go on. The message begins with its name. */
export function refusal(code: string, message: string, cause?: unknown): Failure {
  return new Failure('poison', code, message, cause === undefined ? {} : { cause });
}
