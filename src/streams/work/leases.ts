import type { Claim, HeldWork, Token, WorkKey, WorkStore } from './work.ts';
import { workIdOf } from './work.ts';

/** How long a claim stands without a sign of life. */
export const LEASE_MS = 15_000;
/** How often a holder shows that it is alive. */
export const RENEW_MS = 5_000;
/** How often a waiting process looks at a claim that another holds. */
const LOOK_MS = 1_000;
/** Renewals that may be lost before a lease is over. */
const RENEWALS = LEASE_MS / RENEW_MS;

/** What was seen, since when, and when last. */
type Sighting = Readonly<{ token: Token; renewal: number; sinceMs: number; lastMs: number }>;

/** The claims this process holds in one store, renewed together while there are any. */
export class Leases {
  readonly #store: WorkStore<unknown>;
  readonly #leaseMs: number;
  readonly #renewMs: number;
  /** When what last proved each to be ours was asked, on the monotonic clock. */
  readonly #held = new Map<HeldWork, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: WorkStore<unknown>, leaseMs = LEASE_MS) {
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#renewMs = leaseMs / RENEWALS;
  }

  get held(): number {
    return this.#held.size;
  }

  /** `askedMs`: when the claim was asked for, by `performance.now()`. */
  hold(work: HeldWork, askedMs: number): void {
    this.#held.set(work, askedMs);
    this.#timer ??= setInterval(() => this.#renew(), this.#renewMs);
  }

  drop(work: HeldWork): void {
    this.#held.delete(work);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether nobody can have taken the claim over: a whole lease has not gone by since the last sign of life. */
  isFresh(work: HeldWork): boolean {
    return performance.now() - (this.#held.get(work) ?? 0) < this.#leaseMs;
  }

  /**
   * The same where a whole lease has gone by, as in a process that stood still or a store that was away: the store is asked. Rejects
   * where it cannot be.
   */
  async isOurs(work: HeldWork): Promise<boolean> {
    return this.isFresh(work) || this.#prove([work], performance.now());
  }

  #renew(): void {
    // A renewal that fails is not repeated before the next one is due.
    this.#prove([...this.#held.keys()], performance.now()).catch(() => undefined);
  }

  async #prove(works: readonly HeldWork[], askedMs: number): Promise<boolean> {
    const lost = new Set(await this.#store.renew(works));
    for (const work of works)
      if (this.#held.has(work) && !lost.has(work.workId)) this.#held.set(work, askedMs);
    return lost.size === 0;
  }
}

/**
 * Watches a claim that someone else holds. It is abandoned once this process itself saw the same token and renewal for
 * a whole lease of the holder's on its own monotonic clock: clocks of two machines are never compared. Time in which it could not look
 * does not count: whatever kept it from looking, such as a store that was away, may have kept the holder from renewing.
 */
export class ClaimWatch {
  readonly #leaseMs: number;
  #seen: Sighting | undefined;

  /** @param leaseMs of a holder that does not say how long its lease is. */
  constructor(leaseMs = LEASE_MS) {
    this.#leaseMs = leaseMs;
  }

  /** How long to wait before the next look at the claim. */
  lookMsOf({ leaseMs = this.#leaseMs }: Readonly<{ leaseMs?: number | undefined }>): number {
    return Math.min(LOOK_MS, leaseMs / RENEWALS);
  }

  /** What stands there now, after having tried to take over what is abandoned. */
  async look<Result>(
    store: WorkStore<Result>,
    key: WorkKey,
    claim: Extract<Claim<Result>, { kind: 'held' }>,
    nowMs: number,
  ): Promise<Claim<Result>> {
    const { token, renewal, leaseMs = this.#leaseMs } = claim;
    const seen = this.#seen;
    const same = seen !== undefined && seen.token === token && seen.renewal === renewal;
    const late = seen !== undefined && nowMs - seen.lastMs > leaseMs / 2;
    const sinceMs = same && !late ? seen.sinceMs : nowMs;
    this.#seen = { token, renewal, sinceMs, lastMs: nowMs };
    if (nowMs - sinceMs < leaseMs) return claim;
    return store.takeOver(key, { token, renewal });
  }
}

export function heldWork(key: WorkKey, token: Token): HeldWork {
  return { workId: workIdOf(key), token };
}
