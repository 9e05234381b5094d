import type { Stall } from './stall-watch.ts';

/** How often a member may be replaced without having read anything in between. */
export const MOST_REJOINS = 3;

/**
 * Counts how often a consumer rejoined in vain. A member that crashes before its first fetch, or hangs without
 * reading what is there, may be healed by another one; when three were not, only another process may.
 */
export class Rejoins {
  #count = 0;
  #after: 'crash' | Stall['kind'] = 'crash';

  /** True if one more rejoin is worth a try. */
  after(cause: 'crash' | Stall['kind']): boolean {
    this.#count += 1;
    this.#after = cause;
    return this.#count <= MOST_REJOINS;
  }

  get count(): number {
    return this.#count;
  }

  onFetched(): void {
    // A fetch shows that the client turns. It does not show that a starved partition is read.
    if (this.#after !== 'starved') this.#count = 0;
  }

  onRead(): void {
    this.#count = 0;
  }
}
