import { ChanceShare } from './chance-share.ts';

/** The share of failures that is taken for too much. */
const TOO_MUCH = 0.5;
/** Chance may bring about what looks like more once in so many calls. */
const CALLS_PER_FALSE_ALARM = 1_000;
const ALARM = Math.log(CALLS_PER_FALSE_ALARM);

/**
 * Whether calls fail more often than by chance. A call that fails speaks for it, one that goes well against it, by the logarithm
 * of how much likelier it is if half of all fail; what speaks for it adds up, and is never less than nothing (the cumulative
 * sum test: E. S. Page, "Continuous Inspection Schemes", Biometrika 41, 1954). With one failure in a hundred by chance two in
 * a row tell, with one in five eight.
 */
export class MoreThanChance {
  readonly #chance: ChanceShare;
  #evidence = 0;
  /** Calls since nothing spoke for it. */
  #failed = 0;
  #all = 0;

  /** @param share what is known to fail by chance. */
  constructor(share?: number) {
    this.#chance = new ChanceShare(share);
  }

  /**
   * Takes note of a call, and returns whether more fail than by chance. Then it begins anew.
   * @param teaches whether what fails now is chance. What looks like more teaches too: a share thought to be nothing would stay it.
   */
  onOutcome(failed: boolean, teaches: boolean): boolean {
    const { share } = this.#chance;
    this.#all += 1;
    if (failed) this.#failed += 1;
    this.#evidence += Math.log(failed ? TOO_MUCH / share : (1 - TOO_MUCH) / (1 - share));
    const isMore = this.#evidence >= ALARM;
    if (!isMore && this.#evidence > 0) return false;
    if (teaches) this.#chance.add(this.#failed, this.#all);
    this.forget();
    return isMore;
  }

  /** What failed lately was no chance. */
  forget(): void {
    this.#evidence = 0;
    this.#failed = 0;
    this.#all = 0;
  }
}
