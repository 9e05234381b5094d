import { catchError, Observable, of, race, timer } from 'rxjs';
import { Failure } from './failure.ts';

/**
 * The two ways to stop. `draining`: start nothing new, let calls in flight finish. `aborted`: cut everything now.
 * Whoever makes them lets `aborted` imply `draining`.
 */
export type StopSignals = Readonly<{ draining: AbortSignal; aborted: AbortSignal }>;

/** What a wait ends with when the process is stopping: the record is not settled and comes again. */
export function stopping(): Failure {
  return new Failure('transient', 'aborted', 'Stopped before it was done; it goes on at the next start.');
}

export function isStopping(error: unknown): boolean {
  return error instanceof Failure && error.code === 'aborted';
}

/** Never emits; errors with `stopping()` once the signal is aborted. */
export function failWhen(signal: AbortSignal): Observable<never> {
  return new Observable<never>((subscriber) => {
    const fail = () => subscriber.error(stopping());
    if (signal.aborted) return fail();
    signal.addEventListener('abort', fail);
    return () => signal.removeEventListener('abort', fail);
  });
}

/** Emits once the signal is aborted, and completes. */
export function whenAborted(signal: AbortSignal): Observable<void> {
  return failWhen(signal).pipe(catchError(() => of(undefined)));
}

/** A timer takes no more (24.8 days): given a longer time it fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Emits once after `delayMs`, or errors with `stopping()` as soon as the signal is aborted. */
export function delayUnless(signal: AbortSignal, delayMs: number): Observable<0> {
  return race(failWhen(signal), timer(Math.min(delayMs, LONGEST_TIMER_MS)));
}
