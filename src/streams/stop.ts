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

/** Who waits for which signal. Weak: signals of single calls are gone with them. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` once when the signal is aborted; at once, and before it returns, where it is already. Gives back what takes it back. One
 * listener serves all: a signal looks through its listeners whenever one comes or goes, and hundreds of calls share that of the process.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act();
    return () => undefined;
  }
  const acts = waiting.get(signal) ?? listening(signal);
  // A function of its own: the same act may wait twice.
  const once = () => act();
  acts.add(once);
  return () => void acts.delete(once);
}

function listening(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  waiting.set(signal, acts);
  const all = () => {
    for (const act of acts) tell(act);
    acts.clear();
  };
  signal.addEventListener('abort', all, { once: true });
  return acts;
}

/** One that throws keeps nobody else from hearing: it ends the process, as a listener of its own would. */
function tell(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** What the promise brings, or `reason` as soon as the signal is aborted. Nothing is cut off: the promise may still end. */
export async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  reason: () => unknown = stopping,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const off = onAbort(signal, () => aborted.reject(reason()));
  return Promise.race([aborted.promise, promise]).finally(off);
}

/** Never emits; errors with `stopping()` once the signal is aborted. */
export function failWhen(signal: AbortSignal): Observable<never> {
  return new Observable<never>((subscriber) => onAbort(signal, () => subscriber.error(stopping())));
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
