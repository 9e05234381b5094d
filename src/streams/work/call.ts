import { defer, lastValueFrom, retry, throwError } from 'rxjs';
import { admit, type StageBudget } from '../budget/admission.ts';
import type { TokenEstimate } from '../budget/token-estimate.ts';
import type { AttemptContext, AttemptResult } from '../delivery/stage.ts';
import { asFailure, type Failure } from '../failure.ts';
import type { CallGate } from '../limits/call-gate.ts';
import { delayUnless, isStopping, type StopSignals } from '../stop.ts';
import { failedAttempt, finishedBy, succeededAttempt } from './attempts.ts';
import { claimLost, isClaimLost } from './claim-lost.ts';
import { NO_RETRIES, type RetryPolicy } from './retry-policy.ts';
import type { Attempt, Finished } from './work.ts';

export type CallOptions<Result> = Readonly<{
  /** Failed attempts of earlier holders of the work: they count in its numbers and sums, not against the retries. */
  earlier?: readonly Attempt[];
  /** @param startedAt as the attempt will be remembered. */
  attempt(context: AttemptContext, startedAt: string): Promise<AttemptResult<Result>>;
  gate: CallGate;
  /** Names it before the gate. */
  work?: string;
  /** What the next attempt will use, as far as can be told before it. */
  estimate(): TokenEstimate;
  /** What may be spent; absent for work that is free. */
  spending?: StageBudget | undefined;
  policy: RetryPolicy;
  /** Calls for any failure, in place of what the policy allows. */
  mostAttempts?: number | undefined;
  stop: StopSignals;
  /** Whether the work is still to be done here, after all the waiting. Default: it is. */
  isOurs?(): Promise<boolean>;
  /** Keeps a failed attempt; the next one starts after it. */
  onFailedAttempt(attempt: Attempt, failure: Failure): Promise<void>;
}>;

/**
 * One paid piece of work: attempts until one succeeds or the policy gives up. Waits and backoffs hold no permit.
 * Rejects with the last Failure, with `stopping()` when the process drains while it waits, or with `claimLost()`.
 */
export function callWithRetry<Result>(options: CallOptions<Result>): Promise<Finished<Result>> {
  const { gate, spending, policy, stop } = options;
  const attempts: Attempt[] = [...(options.earlier ?? [])];
  let previous: Failure | undefined;
  let count = NO_RETRIES;
  let tried = false;
  let answeredBefore = gate.answered;

  const confirm = async () => {
    if ((await options.isOurs?.()) === false) throw claimLost();
  };
  const attemptOnce = async (): Promise<Finished<Result>> => {
    const number = attempts.length + 1;
    const context = { number, previous, signal: stop.aborted };
    // The one place where a call is admitted: whatever may hold it back or forbid it is asked here.
    const request = { tokens: options.estimate(), again: tried, work: options.work, signal: stop.draining };
    const admission = await admit({ gate, request, spending, context, confirm, signal: stop.draining });
    tried = true;
    const startedAt = new Date().toISOString();
    const startMs = performance.now();
    const time = () => ({ number, startedAt, durationMs: Math.round(performance.now() - startMs) });
    try {
      const done = await options.attempt({ ...context, onRates: admission.onRates }, startedAt);
      admission.succeeded(done);
      attempts.push(succeededAttempt(time(), done));
      return finishedBy(done, attempts);
    } catch (error) {
      const took = time();
      const failure = await admission.failed(asFailure(error));
      if (isStopping(failure)) throw failure;
      const attempt = failedAttempt(took, failure);
      attempts.push(attempt);
      await options.onFailedAttempt(attempt, failure);
      throw failure;
    }
  };

  const whenToRetry = (error: unknown) => {
    const failure = asFailure(error);
    if (isStopping(failure) || isClaimLost(failure)) return throwError(() => failure);
    // What the model has to mend stays known across a timeout or a 500 in between.
    if (failure.kind === 'content' || previous?.kind !== 'content') previous = failure;
    const seen = { circuitClosed: gate.circuitClosed, othersAnswered: gate.answered > answeredBefore };
    answeredBefore = gate.answered;
    const decision = policy(failure, count, seen, options.mostAttempts);
    if (decision.kind === 'give-up') return throwError(() => failure);
    count = decision.count;
    return delayUnless(stop.draining, decision.delayMs);
  };

  return lastValueFrom(defer(attemptOnce).pipe(retry({ delay: whenToRetry })));
}
