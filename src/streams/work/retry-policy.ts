import type { Failure } from '../failure.ts';

export type RetryOptions = Readonly<{
  /** Calls for a transient failure, the first included. Default 8. */
  maxTransientAttempts?: number;
  /** Times that a rate limit may refuse the call while it lets others through. Default 50. */
  maxRefusals?: number;
  /** Calls for an unusable answer, the first included. Default 4: of 600 answers that are spoilt by chance at 5 % each, one in 280 runs loses a work. */
  maxContentAttempts?: number;
  /** Upper bound of the first backoff. Default 500 ms. */
  baseMs?: number;
  /** Upper bound of any backoff; a server's own Retry-After may be longer. Default 60,000 ms. */
  capMs?: number;
  /** From 0 to 1, for tests. */
  random?: () => number;
}>;

/** Failed attempts so far that count. */
export type RetryCount = Readonly<{ transient: number; content: number; refused: number }>;
export const NO_RETRIES: RetryCount = { transient: 0, content: 0, refused: 0 };

/** Of the time that a server asks for: so much longer a call waits at most. */
const SPREAD = 0.1;

/** What was seen of the endpoint while the call was tried. */
type Seen = Readonly<{
  circuitClosed: boolean;
  /** Other calls were answered since this one was refused before, or since it was first made. */
  othersAnswered: boolean;
}>;

type RetryDecision =
  | Readonly<{ kind: 'retry'; delayMs: number; count: RetryCount }>
  | Readonly<{ kind: 'give-up' }>;

/** `most`: calls for any failure of this one work, the first included, in place of the policy's own numbers. */
export type RetryPolicy = (failure: Failure, count: RetryCount, seen: Seen, most?: number) => RetryDecision;

/**
 * Whether and when to call again. Backoff is exponential with full jitter (AWS Architecture Blog, "Exponential Backoff
 * And Jitter"). A Retry-After is obeyed whatever its length. Failures while the circuit is open are not counted: the
 * next call waits for the circuit anyway.
 *
 * A rate limit's refusal (429) is no failure of the work: that others were faster must not end it. It is counted apart,
 * and only when the endpoint let others through in between; the bound is for a call that no limit will ever admit, such
 * as one with more tokens than a minute has.
 */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const { maxTransientAttempts = 8, maxContentAttempts = 4, maxRefusals = 50 } = options;
  const { baseMs = 500, capMs = 60_000 } = options;
  const random = options.random ?? Math.random;
  const backoffMs = (failed: number) => random() * Math.min(capMs, baseMs * 2 ** Math.min(failed, 30));
  // Who were refused at the same time should not all come back at the same time.
  const askedMs = ({ facts: { retryAfterMs = 0 } }: Failure) =>
    retryAfterMs === 0 ? undefined : retryAfterMs + random() * Math.min(baseMs, SPREAD * retryAfterMs);
  const refusal = (failure: Failure, count: RetryCount, { othersAnswered }: Seen): RetryDecision => {
    const refused = count.refused + (othersAnswered ? 1 : 0);
    if (refused >= maxRefusals) return { kind: 'give-up' };
    // How long the endpoint is left alone is its gate's business; this only spreads those who wait.
    return { kind: 'retry', delayMs: askedMs(failure) ?? random() * baseMs, count: { ...count, refused } };
  };
  return (failure, count, seen, most) => {
    switch (failure.kind) {
      case 'outage':
        return { kind: 'retry', delayMs: 0, count };
      case 'transient': {
        if (failure.facts.pressure === 'rate-limit') return refusal(failure, count, seen);
        const counts = seen.circuitClosed || failure.facts.own === true;
        const transient = count.transient + (counts ? 1 : 0);
        if (transient >= (most ?? maxTransientAttempts)) return { kind: 'give-up' };
        const delayMs = askedMs(failure) ?? backoffMs(count.transient);
        return { kind: 'retry', delayMs, count: { ...count, transient } };
      }
      case 'content': {
        const content = count.content + 1;
        if (content >= (most ?? maxContentAttempts) || failure.facts.final === true)
          return { kind: 'give-up' };
        return { kind: 'retry', delayMs: 0, count: { ...count, content } };
      }
      case 'poison': {
        const transient = count.transient + 1;
        if (transient >= Math.min(failure.facts.believedAfter ?? 1, most ?? Number.POSITIVE_INFINITY))
          return { kind: 'give-up' };
        return { kind: 'retry', delayMs: backoffMs(count.transient), count: { ...count, transient } };
      }
      case 'fatal':
        return { kind: 'give-up' };
      default:
        return failure.kind satisfies never;
    }
  };
}
