import type { Persist } from '../work/persist.ts';
import {
  type Amount,
  highest,
  isWithin,
  type Limit,
  leftOf,
  limits,
  lowest,
  minus,
  NOTHING,
  plus,
  times,
} from './amount.ts';
import type { DaySpending, SpendingRepository } from './spending-repository.ts';

export type DayAllowanceOptions = Readonly<{
  spending: SpendingRepository;
  /** Names this process, anew at each start. */
  holder: string;
  limit: Limit;
  persist: Persist;
  now?: () => Date;
}>;

/** A reservation of a day. It is settled on that day's account, whatever the day is by then. */
export type DayHold = Readonly<{ settle(spent: Amount): void }>;

/** What this process has of one day. `held` is what the store surely says, and what all processes agreed to. */
type Share = {
  readonly day: string;
  spent: Amount;
  reserved: Amount;
  held: Amount;
  version: number;
  dirty: boolean;
};

const FLUSH_MS = 1_000;
/** For so long the others are taken to have what they had: who was refused need not ask the store again. */
const OTHERS_STAND_MS = 500;
/** Further calls that are reserved with one, to ask the store seldom … */
const CALLS_AHEAD = 20;
/** … but never more than this share of what is left, so that little of it lies idle with each process. */
const SHARE_AHEAD = 0.05;

/**
 * A limit that all processes of a store share, day by day (UTC). Whoever wants more first writes down what it would hold
 * then, and reads the sum of all after it: of two that want the last rest at the same moment, at least one sees both and
 * takes its request back. So the limit holds without locks or clocks in common, for any number of processes.
 */
export class DayAllowance {
  readonly #options: DayAllowanceOptions;
  readonly #shares = new Map<string, Share>();
  #others: Readonly<{ day: string; held: Amount; atMs: number }> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #flushing: NodeJS.Timeout | undefined;

  constructor(options: DayAllowanceOptions) {
    this.#options = options;
  }

  get limit(): Limit {
    return this.#options.limit;
  }

  get today(): string {
    return dayOf((this.#options.now ?? (() => new Date()))());
  }

  /** All of today, by every process. */
  async total(): Promise<DaySpending> {
    await this.#flush();
    return this.#options.spending.total(this.today);
  }

  /** `undefined` where the day has no room for it now. */
  async reserve(amount: Amount): Promise<DayHold | undefined> {
    const share = this.#shareOf(this.today);
    if (!limits(this.limit) || fitsIn(share, amount)) return this.#take(share, amount);
    return this.#inTurn(() => this.#raise(share, amount));
  }

  /** Writes down what is not written yet. Best effort: nothing is lost but the last second's figures. */
  async close(): Promise<void> {
    clearTimeout(this.#flushing);
    await this.#flush().catch(() => undefined);
    clearTimeout(this.#flushing);
  }

  async #raise(share: Share, amount: Amount): Promise<DayHold | undefined> {
    if (fitsIn(share, amount)) return this.#take(share, amount);
    if (this.#isFull(share, amount)) return undefined;
    for (const ahead of [this.#ahead(share, amount), NOTHING]) {
      const wanted = highest(share.held, plus(plus(usedOf(share), amount), ahead));
      if (!(await this.#agree(share, wanted))) continue;
      share.held = wanted;
      return this.#raise(share, amount);
    }
    share.held = usedOf(share);
    await this.#options.persist(() => this.#put(share, share.held));
    return undefined;
  }

  /** Writes the request down, then looks whether it fits beside what all others hold. */
  async #agree(share: Share, wanted: Amount): Promise<boolean> {
    const { spending, persist, limit } = this.#options;
    await persist(() => this.#put(share, wanted));
    const { held } = await persist(() => spending.total(share.day));
    this.#others = { day: share.day, held: minus(held, wanted), atMs: performance.now() };
    return isWithin(held, limit);
  }

  #isFull(share: Share, amount: Amount): boolean {
    const others = this.#others;
    if (others?.day !== share.day || performance.now() - others.atMs > OTHERS_STAND_MS) return false;
    return !isWithin(plus(others.held, plus(usedOf(share), amount)), this.limit);
  }

  #ahead(share: Share, amount: Amount): Amount {
    const others = this.#others?.day === share.day ? this.#others.held : undefined;
    if (others === undefined) return NOTHING;
    const { tokens, costUsd } = leftOf(this.limit, plus(others, plus(usedOf(share), amount)));
    return lowest(times(amount, CALLS_AHEAD), {
      tokens: tokens === undefined ? undefined : Math.floor(tokens * SHARE_AHEAD),
      costUsd: costUsd === undefined ? undefined : costUsd * SHARE_AHEAD,
    });
  }

  #take(share: Share, amount: Amount): DayHold {
    share.reserved = plus(share.reserved, amount);
    return {
      settle: (spent) => {
        share.reserved = minus(share.reserved, amount);
        share.spent = plus(share.spent, spent);
        share.dirty = true;
        this.#scheduleFlush();
      },
    };
  }

  #shareOf(day: string): Share {
    const known = this.#shares.get(day);
    if (known !== undefined) return known;
    const share = { day, spent: NOTHING, reserved: NOTHING, held: NOTHING, version: 0, dirty: false };
    this.#shares.set(day, share);
    return share;
  }

  #put(share: Share, held: Amount): Promise<void> {
    share.version += 1;
    const { day, spent, version } = share;
    return this.#options.spending.put({ day, holder: this.#options.holder, version, spent, held });
  }

  #scheduleFlush(): void {
    this.#flushing ??= setTimeout(() => {
      this.#flushing = undefined;
      this.#flush().catch(() => this.#scheduleFlush());
    }, FLUSH_MS).unref();
  }

  #flush(): Promise<void> {
    return this.#inTurn(async () => {
      for (const share of this.#shares.values()) {
        if (!share.dirty) continue;
        share.dirty = false;
        share.held = usedOf(share);
        await this.#put(share, share.held).catch((failure: unknown) => {
          share.dirty = true;
          throw failure;
        });
        if (share.day !== this.today && share.reserved.tokens === 0) this.#shares.delete(share.day);
      }
    });
  }

  /** One write after the other: what is written last is what stands. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function usedOf({ spent, reserved }: Share): Amount {
  return plus(spent, reserved);
}

function fitsIn(share: Share, amount: Amount): boolean {
  return isWithin(plus(usedOf(share), amount), share.held);
}

const DAY_MS = 86_400_000;
let lately = { number: Number.NaN, day: '' };

/** `2026-01-31`, in UTC. Asked for at each call: one day follows another rarely enough to be remembered. */
export function dayOf(at: Date): string {
  const number = Math.floor(at.getTime() / DAY_MS);
  if (number !== lately.number) lately = { number, day: at.toISOString().slice(0, 10) };
  return lately.day;
}
