import { BehaviorSubject, firstValueFrom, merge, NEVER, Subject, timer } from 'rxjs';
import { type Failure, NO_USAGE, type Usage } from '../failure.ts';
import { failWhen, isStopping } from '../stop.ts';
import type { Allowance } from './allowance.ts';
import { type Amount, isWithin, limits, lowest, NOTHING } from './amount.ts';
import type { CallEstimator, CallSize } from './call-estimate.ts';
import type { DayAllowance } from './day-allowance.ts';

/** Which limit left no room for the next call. */
export type BudgetScope = 'run' | 'day';

/**
 * `spent`: no call fits any more, and none is in flight that could free some of the budget. `needed` is what the smallest call may
 * cost if that is more than the whole limit: then another run with the same limit would get no further.
 */
export type BudgetState =
  | Readonly<{ kind: 'open' }>
  | Readonly<{ kind: 'spent'; scope: BudgetScope; needed?: Amount }>;

/** What a call really cost; `undefined` if that is unknown, such as after a time-out. */
export type Taken = Readonly<{ usage: Usage; costUsd: number | null }> | undefined;

/** The most that a call without a model costs. */
export type Price = Readonly<{ costUsd: number }>;

/** Permission to make one call within the budget. To be settled once. */
export type Reservation = Readonly<{ settle(taken: Taken): void }>;

/** A daily budget may get room again: when another process frees some, or on the next day. */
const LOOK_AGAIN_MS = 1_000;
const LOOK_AGAIN_WHEN_SPENT_MS = 10_000;

/**
 * A budget. A call is admitted if the most that it may cost fits within the limit, after all that is spent and reserved.
 * Afterwards it is settled with its real cost. So a limit is exceeded only by what calls in flight cost above their
 * estimates. An unknown cost counts at its estimate.
 */
export class Budget {
  readonly run: Allowance;
  readonly day: DayAllowance;
  readonly #estimator: CallEstimator;
  readonly #state = new BehaviorSubject<BudgetState>({ kind: 'open' });
  readonly #room = new Subject<void>();
  #inFlight = 0;
  /** Of the calls that were refused since the last one was admitted. */
  #smallest: Amount | undefined;

  constructor(parts: Readonly<{ run: Allowance; day: DayAllowance; estimator: CallEstimator }>) {
    this.run = parts.run;
    this.day = parts.day;
    this.#estimator = parts.estimator;
  }

  readonly states = this.#state.asObservable();

  get state(): BudgetState {
    return this.#state.value;
  }

  /** Whether there is any limit. If not, the size of a call need not be known. */
  get limited(): boolean {
    return limits(this.run.limit) || limits(this.day.limit);
  }

  /**
   * `undefined` where there is no room now. Rejects with a `fatal` Failure (`bad_budget`) for a model of unknown price
   * where money is limited, and with `stopping()` when the process is stopped while the store is away.
   */
  async reserve(stage: string, size: CallSize | Price | undefined): Promise<Reservation | undefined> {
    const amount = this.#most(stage, size);
    if (!this.run.hasRoom(amount)) return this.#refuse('run', amount);
    const hold = await this.day.reserve(amount);
    if (hold === undefined) return this.#refuse('day', amount);
    if (!this.run.reserve(amount)) {
      hold.settle(NOTHING);
      return this.#refuse('run', amount);
    }
    this.#inFlight += 1;
    this.#smallest = undefined;
    if (this.state.kind === 'spent') this.#state.next({ kind: 'open' });
    return {
      settle: (taken) => {
        if (taken !== undefined && size !== undefined && 'model' in size)
          this.#estimator.learn(stage, size, taken.usage);
        const spent = taken === undefined ? amount : amountOf(taken, amount);
        hold.settle(spent);
        this.run.settle(amount, spent);
        this.#inFlight -= 1;
        this.#room.next();
      },
    };
  }

  /** Resolves when there may be room again; rejects with `stopping()` when the signal is aborted first. */
  async room(signal: AbortSignal): Promise<void> {
    // The last call in flight may have ended since we were refused: then nobody would wake us.
    if (this.#inFlight === 0 && this.state.kind === 'open') return;
    const waitMs = this.state.kind === 'spent' ? LOOK_AGAIN_WHEN_SPENT_MS : LOOK_AGAIN_MS;
    const again = limits(this.day.limit) ? timer(waitMs * (1 + Math.random())) : NEVER;
    await firstValueFrom(merge(this.#room, again, failWhen(signal)));
  }

  /** Writes down what was spent today. */
  close(): Promise<void> {
    return this.day.close();
  }

  #most(stage: string, size: CallSize | Price | undefined): Amount {
    if (size === undefined) return NOTHING;
    return 'model' in size ? this.#estimator.estimate(stage, size) : { tokens: 0, costUsd: size.costUsd };
  }

  #refuse(scope: BudgetScope, amount: Amount): undefined {
    const needed = lowest(amount, this.#smallest ?? {});
    this.#smallest = needed;
    if (this.#inFlight > 0) return;
    const fitsAnother = isWithin(needed, this[scope].limit);
    this.#state.next({ kind: 'spent', scope, ...(fitsAnother ? {} : { needed }) });
  }
}

function amountOf({ usage, costUsd }: NonNullable<Taken>, estimate: Amount): Amount {
  return { tokens: usage.input + usage.output, costUsd: costUsd ?? estimate.costUsd };
}

/** What an answer cost: by its reported usage, else by the estimate. */
export function takenOf({ usage, costUsd }: NonNullable<Taken>): Taken {
  return usage.input + usage.output === 0 ? undefined : { usage, costUsd };
}

/** A refusal costs nothing. A call that timed out or was cut off may have been processed and billed. */
export function takenBy(failure: Failure): Taken {
  const { reply } = failure.facts;
  if (reply !== undefined) return takenOf(reply);
  const unknown = isStopping(failure) || failure.code === 'timeout';
  return unknown ? undefined : { usage: NO_USAGE, costUsd: 0 };
}
