import { Failure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';
import { classifyMongo, isGoneInAMoment, type When } from './failure.ts';

/**
 * When a primary dies, driver 7.9 repeats one of the writes in flight and drops the others. Each try waits for a new
 * primary as long as the selection time-out says.
 */
const REPEATS = 2;
/**
 * Longer than the time-outs of a few commands in a row. The ways in which driver 7.9 is known to forget a write are mended
 * (`lost-writes-patch.ts`); should there be another, whoever waited for it would wait for ever.
 */
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * Does what is safe to repeat, and repeats it at once where the connection broke or the primary changed. Rejects with a
 * Failure, of kind `outage` also where the driver gives no answer at all. `doing` completes "… failed".
 */
export async function operation<T>(doing: string, act: () => Promise<T>, when: When = 'work'): Promise<T> {
  for (let left = REPEATS; ; left -= 1) {
    try {
      return await answered(doing, act());
    } catch (error) {
      if (left === 0 || !isGoneInAMoment(error)) throw classifyMongo(error, doing, when);
    }
  }
}

function answered<T>(doing: string, acting: Promise<T>): Promise<T> {
  return inTime(acting, FORGOTTEN_AFTER_MS, () => {
    const message = `MongoDB: ${doing} failed: the driver gave no answer within ${FORGOTTEN_AFTER_MS / 1_000} s.`;
    throw new Failure('outage', 'mongo_unavailable', message);
  });
}
