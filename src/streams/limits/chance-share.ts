/** Who fails more than this is asked too much, or away. */
export const MOST_CHANCE = 0.25;
/** So many calls are remembered, the older the less. */
const MEMORY = 500;
/** What is assumed before much was seen, as if so many calls had shown it. */
const PRIOR_SHARE = 0.005;
const PRIOR_CALLS = 50;

/** Which share of the calls fails by chance, as far as seen: a decaying count of calls that nothing but chance failed. */
export class ChanceShare {
  #failed: number;
  #all = PRIOR_CALLS;

  constructor(assumed = PRIOR_SHARE) {
    this.#failed = assumed * PRIOR_CALLS;
  }

  add(failed: number, all: number): void {
    this.#failed += failed;
    this.#all += all;
    if (this.#all < MEMORY) return;
    this.#failed /= 2;
    this.#all /= 2;
  }

  get share(): number {
    return Math.min(MOST_CHANCE, this.#failed / this.#all);
  }

  /** How many in a row chance brings about only once in so many calls, even if it is one failure worse than seen. */
  runOf(calls: number): number {
    const share = Math.min(MOST_CHANCE, (this.#failed + 1) / this.#all);
    return Math.ceil(Math.log(calls) / -Math.log(share));
  }
}
