import { Failure } from '../../../streams/failure.ts';
import { Patience } from '../../../streams/work/persist.ts';

/** How long a start waits for what is not up yet, unless told otherwise. */
export const START_WAIT_MS = 60_000;

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;

export type WaitOptions = Readonly<{
  /** No try begins later than this; `Infinity` waits as long as it takes. */
  withinMs: number;
  /** Ends the waiting: rejects with the last failure. Default: nothing does. */
  given?(): boolean;
  /** Hears of each failed try that is followed by another; counts from 1. */
  onWait?(failure: Failure, tries: number): void;
  /** Which failures are waited out. Default: every outage. */
  passes?(failure: Failure): boolean;
}>;

/**
 * Tries until it works, with growing waits, as long as the reason is one that passes. Rejects at once with any other failure,
 * and with the last one when the time is over, or when it has lasted longer than such a one may.
 */
export async function waitForBrokers<T>(attempt: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { withinMs, given, onWait, passes = isOutage } = options;
  const endMs = performance.now() + withinMs;
  const patience = new Patience();
  for (let tries = 1; ; tries += 1) {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 10), LONGEST_WAIT_MS);
    try {
      return await attempt();
    } catch (thrown) {
      const error = thrown instanceof Failure ? patience.told(thrown) : thrown;
      const isOver = given?.() === true || performance.now() + waitMs > endMs;
      if (isOver || !(error instanceof Failure && passes(error))) throw error;
      onWait?.(error, tries);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

const isOutage = ({ kind }: Failure): boolean => kind === 'outage';
