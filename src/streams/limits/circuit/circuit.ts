import { BehaviorSubject } from 'rxjs';
import { type Failure, QUOTA_EXHAUSTED } from '../../failure.ts';
import { LONGEST_TIMER_MS } from '../../stop.ts';

/**
 * The state of one endpoint as its callers have seen it:
 *
 *     closed --outage signals in a row--> open --wait over--> half-open --probe answered--> closed
 *                                          ^-----------------------'  probe failed
 */
export type CircuitState =
  | Readonly<{ kind: 'closed'; failures: number }>
  | Readonly<{ kind: 'open'; cause: Failure; openings: number; waitMs: number }>
  | Readonly<{ kind: 'half-open'; cause: Failure; openings: number; probing: boolean }>;

export type CircuitOptions = Readonly<{
  /** Outage signals in a row that open it. Default 5. */
  threshold?: number;
  /** The first wait; each further opening doubles it. Default 1,000 ms. */
  firstWaitMs?: number;
  /** The longest wait. Default 60,000 ms. */
  maxWaitMs?: number;
  /** The wait when money or quota is spent. Default 300,000 ms. */
  quotaWaitMs?: number;
}>;

/** Calls in a row that failed, and how many are more than chance. */
export type Run = Readonly<{
  length: number;
  telling: number;
  /** They are all of one work, and may be that work's own trouble. */
  isOne?: boolean;
}>;

/**
 * A circuit breaker that pauses instead of dropping: while it is open nobody calls, and nobody's attempt is counted.
 * After a wait one caller probes. Only signs of trouble with the server itself count (Failure.facts.outageSignal); any
 * answer, a refusal included, shows that it is there.
 */
export class Circuit {
  readonly #options: Required<CircuitOptions>;
  readonly #state = new BehaviorSubject<CircuitState>({ kind: 'closed', failures: 0 });
  #everAnswered = false;
  #wait: NodeJS.Timeout | undefined;

  constructor(options: CircuitOptions = {}) {
    this.#options = { threshold: 5, firstWaitMs: 1_000, maxWaitMs: 60_000, quotaWaitMs: 300_000, ...options };
  }

  readonly states = this.#state.asObservable();

  get state(): CircuitState {
    return this.#state.value;
  }

  /** Whether the server has answered anything since the start. */
  get everAnswered(): boolean {
    return this.#everAnswered;
  }

  /** Whether a call may be started: closed, or half-open with the probe still to be made. */
  get mayStart(): boolean {
    const { state } = this;
    return state.kind === 'closed' || (state.kind === 'half-open' && !state.probing);
  }

  /** Starts a call, as the probe if it is half-open. False if it may not start after all. */
  start(): boolean {
    const { state } = this;
    if (!this.mayStart) return false;
    if (state.kind === 'half-open') this.#state.next({ ...state, probing: true });
    return true;
  }

  /** The call was answered, well or badly. */
  onAnswered(): void {
    this.#everAnswered = true;
    // A call that was on its way when the circuit opened may be answered: the wait must not re-open it later.
    clearTimeout(this.#wait);
    const state = this.state;
    if (state.kind !== 'closed' || state.failures > 0) this.#state.next({ kind: 'closed', failures: 0 });
  }

  /** The call failed with a sign of trouble with the server. */
  onOutage(failure: Failure, run?: Run): void {
    const state = this.state;
    if (state.kind === 'open') return;
    const openings = state.kind === 'half-open' ? state.openings + 1 : 1;
    const needed = Math.max(this.#options.threshold, run?.telling ?? 0);
    const failures = state.kind === 'closed' ? (run?.length ?? state.failures + 1) : needed;
    const enough = failures >= needed && run?.isOne !== true;
    if (failure.kind === 'outage' || enough) this.#open(failure, openings);
    else this.#state.next({ kind: 'closed', failures });
  }

  /** The call was given up by us: it says nothing about the server. */
  onCancelled(): void {
    const state = this.state;
    if (state.kind === 'half-open') this.#state.next({ ...state, probing: false });
  }

  /** Ends the wait of an open circuit, so that it keeps no process alive. */
  close(): void {
    clearTimeout(this.#wait);
  }

  #open(cause: Failure, openings: number): void {
    const { firstWaitMs, maxWaitMs, quotaWaitMs } = this.#options;
    const backoffMs = Math.min(maxWaitMs, firstWaitMs * 2 ** (openings - 1));
    const waitMs = Math.max(
      cause.code === QUOTA_EXHAUSTED ? quotaWaitMs : backoffMs,
      cause.facts.retryAfterMs ?? 0,
    );
    this.#state.next({ kind: 'open', cause, openings, waitMs });
    this.#wait = setTimeout(
      () => {
        this.#state.next({ kind: 'half-open', cause, openings, probing: false });
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
  }
}
