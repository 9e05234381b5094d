import { classifyMongo, isGoneInAMoment } from './mongo-failure.ts';

/**
 * When a primary dies, driver 7.9 repeats one of the writes in flight and drops the others. Each try waits for a new
 * primary as long as the selection time-out says.
 */
const REPEATS = 2;

/**
 * Does what is safe to repeat, and repeats it at once where the connection broke or the primary changed. Rejects with a
 * Failure. `doing` completes "… failed".
 */
export async function operation<T>(doing: string, act: () => Promise<T>): Promise<T> {
  for (let left = REPEATS; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (left === 0 || !isGoneInAMoment(error)) throw classifyMongo(error, doing);
    }
  }
}

/** Rows as they come. Throws a Failure where reading breaks off; nothing is repeated. */
export async function* reading<T>(doing: string, rows: () => AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* rows();
  } catch (error) {
    throw classifyMongo(error, doing);
  }
}
