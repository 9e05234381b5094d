import type { Failure } from './failure.ts';

export type RetryOptions = Readonly<{
  /** Calls for a transient failure, the first included. Default 8. */
  maxTransientAttempts?: number;
  /** Calls for an unusable answer, the first included. Default 3. */
  maxContentAttempts?: number;
  /** Upper bound of the first backoff. Default 500 ms. */
  baseMs?: number;
  /** Upper bound of any backoff; a server's own Retry-After may be longer. Default 60,000 ms. */
  capMs?: number;
  /** From 0 to 1, for tests. */
  random?: () => number;
}>;

/** Failed attempts so far that count. */
export type RetryCount = Readonly<{ transient: number; content: number }>;
export const NO_RETRIES: RetryCount = { transient: 0, content: 0 };

export type RetryDecision =
  | Readonly<{ kind: 'retry'; delayMs: number; count: RetryCount }>
  | Readonly<{ kind: 'give-up' }>;

/** `most`: calls for any failure of this one work, the first included, in place of the policy's own numbers. */
export type RetryPolicy = (
  failure: Failure,
  count: RetryCount,
  circuitClosed: boolean,
  most?: number,
) => RetryDecision;

/**
 * Whether and when to call again. Backoff is exponential with full jitter (AWS Architecture Blog, "Exponential Backoff
 * And Jitter"). A Retry-After is obeyed whatever its length. Failures while the circuit is open are not counted: the
 * next call waits for the circuit anyway.
 */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const { maxTransientAttempts = 8, maxContentAttempts = 3, baseMs = 500, capMs = 60_000 } = options;
  const random = options.random ?? Math.random;
  const backoffMs = (failed: number) => random() * Math.min(capMs, baseMs * 2 ** Math.min(failed, 30));
  return (failure, count, circuitClosed, most) => {
    switch (failure.kind) {
      case 'outage':
        return { kind: 'retry', delayMs: 0, count };
      case 'transient': {
        const transient = count.transient + (circuitClosed ? 1 : 0);
        if (transient >= (most ?? maxTransientAttempts)) return { kind: 'give-up' };
        const asked = failure.facts.retryAfterMs;
        const delayMs = asked === undefined ? backoffMs(count.transient) : asked + random() * baseMs;
        return { kind: 'retry', delayMs, count: { ...count, transient } };
      }
      case 'content': {
        const content = count.content + 1;
        if (content >= (most ?? maxContentAttempts) || failure.facts.final === true)
          return { kind: 'give-up' };
        return { kind: 'retry', delayMs: 0, count: { ...count, content } };
      }
      case 'poison':
      case 'fatal':
        return { kind: 'give-up' };
      default:
        return failure.kind satisfies never;
    }
  };
}
