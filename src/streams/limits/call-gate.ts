import { type Observable, of } from 'rxjs';
import type { TokenEstimate } from '../budget/token-estimate.ts';
import type { Failure, Usage } from '../failure.ts';
import type { Permits } from './permits.ts';
import type { RateReading } from './rate/rate-reading.ts';

/** A call that asks for permission. */
export type CallRequest = Readonly<{
  /** An estimate of what it will use. */
  tokens: TokenEstimate;
  /** Whether it has been tried before: then it goes ahead of those that have not. */
  again: boolean;
  /** The work that it is for: all calls of a work have the same name. */
  work?: string | undefined;
  /** Ends the wait with `stopping()` when aborted. Needed only if the caller may stop while the gate goes on. */
  signal?: AbortSignal | undefined;
}>;

/** Permission to make one call. */
export type Pass = Readonly<{
  /** Takes what the server's headers say about rate limits, before the pass is given back. */
  onRates(reading: RateReading): void;
  /**
   * Gives the pass back, once, with the outcome of the call and its usage. A failure is judged by the outcomes of other calls: at once,
   * or when enough of them are back.
   */
  leave(failure: Failure | undefined, usage?: Usage): Promise<Failure> | undefined;
}>;

/**
 * Stands between a stage and the endpoint it calls. Waiting here costs nothing and is not counted; only a call in flight
 * holds a slot.
 */
export interface CallGate {
  readonly circuitClosed: boolean;
  /** Whether the circuit is open, now and at each change: while it is, records need not be taken. */
  readonly open: Observable<boolean>;
  /** How many calls were answered so far, of all stages that share the endpoint. */
  readonly answered: number;
  /** Resolves when the call may start; rejects with `stopping()` when the process drains first. */
  enter(request: CallRequest): Promise<Pass>;
}

/** A gate for stages that call no endpoint: permits only. */
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
