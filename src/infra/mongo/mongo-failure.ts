import { MongoError, MongoNetworkError, MongoServerError } from 'mongodb';
import { Failure } from '../../streams/failure.ts';

/** A unique key stands already: decided by whoever wrote it, never an error to a caller. */
export const DUPLICATE_KEY = 11_000;

const UNAUTHORIZED: ReadonlySet<number | string> = new Set([13, 18, 8_000]);
const VALIDATION_FAILED = 121;
const TOO_LARGE: ReadonlySet<number | string> = new Set([10_334, 17_419, 17_420]);

/**
 * Sorts an error of the driver. Network errors, time-outs, elections and unknown results of a write are outages: every
 * write here is safe to repeat, so they are waited out (https://www.mongodb.com/docs/manual/reference/error-codes/).
 */
export function classifyMongo(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const message = `MongoDB: ${doing} failed: ${text.slice(0, 500)}`;
  const facts = { cause: error };
  if (error instanceof MongoNetworkError || !(error instanceof MongoServerError)) {
    return error instanceof MongoError
      ? new Failure('outage', 'mongo_unavailable', message, facts)
      : new Failure('fatal', 'mongo_unexpected', message, facts);
  }
  const code = error.code ?? 0;
  if (UNAUTHORIZED.has(code)) return new Failure('fatal', 'mongo_unauthorized', message, facts);
  if (code === VALIDATION_FAILED || TOO_LARGE.has(code))
    return new Failure('poison', 'mongo_refused', message, facts);
  return new Failure('outage', 'mongo_unavailable', message, facts);
}
