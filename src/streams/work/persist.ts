import { throwError } from 'rxjs';
import { asFailure, Failure } from '../failure.ts';
import { delayUnless, isStopping, type StopSignals } from '../stop.ts';
import { retried } from './retried.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** Repeats a write until the store or the log takes it. `onWait` hears of each failed try. */
export type Persist = <T>(write: () => Promise<T>) => Promise<T>;

/**
 * While a database or a broker is away, finished answers wait in memory and are written when it is back: they are paid
 * for. Only failures of kind `outage` and `transient` are waited out; anything else rejects at once, and an outage that says
 * how long it may last rejects as fatal after that.
 */
export function persistThrough(stop: StopSignals, onWait: (failure: Failure) => void): Persist {
  const whenToRepeat = (error: unknown, tries: number, patience: Patience) => {
    const failure = patience.told(asFailure(error));
    const mayPass = failure.kind === 'outage' || failure.kind === 'transient';
    if (!mayPass || isStopping(failure)) return throwError(() => failure);
    onWait(failure);
    return delayUnless(stop.aborted, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)));
  };
  return (write) => {
    let patience: Patience | undefined;
    return retried(write, (error, tries) => {
      patience ??= new Patience();
      return whenToRepeat(error, tries, patience);
    });
  };
}

/** Of one act: since when the same failure, which may last only so long, comes again and again. */
export class Patience {
  #code: string | undefined;
  #sinceMs = 0;

  /** What fails next begins anew. */
  worked(): void {
    this.#code = undefined;
  }

  /** The failure, or that it has lasted too long. */
  told(failure: Failure): Failure {
    const nowMs = performance.now();
    if (failure.code !== this.#code) [this.#code, this.#sinceMs] = [failure.code, nowMs];
    const { fatalAfterMs = Number.POSITIVE_INFINITY } = failure.facts;
    if (nowMs - this.#sinceMs < fatalAfterMs) return failure;
    return new Failure('fatal', failure.code, failure.message, failure.facts);
  }
}
