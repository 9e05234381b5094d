import { type Observable, of } from 'rxjs';
import type { TokenEstimate } from '../budget/token-estimate.ts';
import type { Failure, Usage } from '../failure.ts';
import type { Permits } from './permits.ts';
import type { RateReading } from './rate/rate-reading.ts';

/** The call that asks for leave. */
export type CallRequest = Readonly<{
  /** What it will use, as far as can be told before. */
  tokens: TokenEstimate;
  /** It has been tried before: it goes ahead of those that have not. */
  again: boolean;
  /** Whose call it is: a work that is called for again keeps its name. */
  work?: string | undefined;
  /** Ends the wait with `stopping()` when it is aborted. Needed only by those who stop while the gate goes on. */
  signal?: AbortSignal | undefined;
}>;

/** Leave to make one call. */
export type Pass = Readonly<{
  /** Hears what the server's headers say of its budgets, before the pass is given back. */
  onRates(reading: RateReading): void;
  /**
   * Gives it back, once, with what came of the call and what it used. A failure is judged by what came of other calls: at once, or
   * when enough of them are back.
   */
  leave(failure: Failure | undefined, usage?: Usage): Promise<Failure> | undefined;
}>;

/**
 * What stands between a stage and those it calls. Waiting here costs nothing and counts nowhere; only a call on its way
 * holds a slot.
 */
export interface CallGate {
  readonly circuitClosed: boolean;
  /** Whether the circuit is open, now and whenever that changes: then no record need be taken. */
  readonly open: Observable<boolean>;
  /** Calls that were answered well so far, of all stages that share the endpoint. */
  readonly answered: number;
  /** Resolves when the call may start; rejects with `stopping()` when the process drains first. */
  enter(request: CallRequest): Promise<Pass>;
}

/** A gate for stages that call nobody: permits, and nothing to learn. */
export function permitGate(permits: Permits): CallGate {
  const pass: Pass = {
    onRates: () => undefined,
    leave: (failure) => {
      permits.release();
      return failure && Promise.resolve(failure);
    },
  };
  return {
    circuitClosed: true,
    open: of(false),
    answered: 0,
    enter: async () => {
      await permits.acquire();
      return pass;
    },
  };
}
