import { Failure } from '../../../streams/failure.ts';

/** The code of an extractor that cannot be used for any file. */
export const BAD_EXTRACTOR = 'bad_extractor';

/** The code of a file whose extractor gave something that is no text with places. */
export const BAD_EXTRACTED = 'bad_extracted';

/** A file that cannot be a document; the others go on. The message begins with its name. */
export function refusal(code: string, message: string, cause?: unknown): Failure {
  return new Failure('poison', code, message, cause === undefined ? {} : { cause });
}
