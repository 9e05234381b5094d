import type { Claim, HeldWork, Token, WorkKey, WorkStore } from './work.ts';
import { workIdOf } from './work.ts';

/** How long a claim stands without a sign of life. */
export const LEASE_MS = 15_000;
/** How often a holder shows that it is alive. */
export const RENEW_MS = 5_000;
/** How often a waiting process looks at a claim that another holds. */
const LOOK_MS = 1_000;

type Sighting = Readonly<{ token: Token; renewal: number; sinceMs: number }>;

/** The claims this process holds in one store, renewed together while there are any. */
export class Leases {
  readonly #store: WorkStore<unknown>;
  readonly #held = new Set<HeldWork>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: WorkStore<unknown>) {
    this.#store = store;
  }

  hold(work: HeldWork): void {
    this.#held.add(work);
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS);
  }

  drop(work: HeldWork): void {
    this.#held.delete(work);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #renew(): void {
    // A renewal that fails is not repeated before the next one is due; a lost claim shows when its result is stored.
    this.#store.renew([...this.#held]).catch(() => undefined);
  }
}

/**
 * Watches a claim that someone else holds. It is abandoned once this process itself saw the same token and renewal for
 * a whole lease on its own monotonic clock: clocks of two machines are never compared.
 */
export class ClaimWatch {
  #seen: Sighting | undefined;
  readonly lookMs = LOOK_MS;

  /** What stands there now, after having tried to take over what is abandoned. */
  async look<Result>(
    store: WorkStore<Result>,
    key: WorkKey,
    claim: Extract<Claim<Result>, { kind: 'held' }>,
    nowMs: number,
  ): Promise<Claim<Result>> {
    const { token, renewal } = claim;
    if (this.#seen?.token !== token || this.#seen.renewal !== renewal) {
      this.#seen = { token, renewal, sinceMs: nowMs };
      return claim;
    }
    if (nowMs - this.#seen.sinceMs < LEASE_MS) return claim;
    return store.takeOver(key, { token, renewal });
  }
}

export function heldWork(key: WorkKey, token: Token): HeldWork {
  return { workId: workIdOf(key), token };
}
