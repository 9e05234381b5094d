import { Failure } from '../../../streams/failure.ts';

/** A document may have 16 MiB (https://www.mongodb.com/docs/manual/reference/limits/); the rest of ours is small. */
const MAX_BYTES = 15 * 1_024 * 1_024;

/** The value as JSON text. Throws a Failure of kind `poison` where it is larger than a document may be. */
export function boundedJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  refuseTooLarge([text]);
  return text;
}

/** Throws a Failure of kind `poison` where the texts together are larger than a document may be. */
export function refuseTooLarge(values: readonly unknown[]): void {
  const texts = values.filter((value) => typeof value === 'string');
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= MAX_BYTES) return;
  const message = `A result of ${bytes} bytes is larger than a document of MongoDB may be (16 MiB).`;
  throw new Failure('poison', 'mongo_too_large', message);
}
