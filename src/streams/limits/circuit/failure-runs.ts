import { ChanceShare } from '../chance-share.ts';

/** Chance may bring about a run that looks like more once in so many calls. */
const CALLS_PER_FALSE_ALARM = 5_000;

/**
 * Which calls failed, in the order in which they were sent. Failures by chance stand among calls that went well; a server
 * that is closed or away fails one call after the other. The order of sending counts, because failures often come back
 * sooner than answers.
 */
export class FailureRuns {
  readonly #chance = new ChanceShare();
  /** Calls that failed after the last one that went well. */
  readonly #failed = new Set<number>();
  #next = 0;
  #well = 0;

  /** The share of calls that fails while others go well. */
  get share(): number {
    return this.#chance.share;
  }

  /** So many in a row are hardly chance. */
  get telling(): number {
    return this.#chance.runOf(CALLS_PER_FALSE_ALARM);
  }

  /** The number of a call that is sent now. */
  send(): number {
    this.#next += 1;
    return this.#next;
  }

  onWell(number: number): void {
    let chance = 0;
    for (const failed of this.#failed) if (failed < number && this.#failed.delete(failed)) chance += 1;
    this.#chance.add(chance, chance + 1);
    this.#well = Math.max(this.#well, number);
  }

  /** How many calls in a row have failed, this one among them; 0 if a later one went well. */
  onFailed(number: number): number {
    if (number < this.#well) {
      this.#chance.add(1, 1);
      return 0;
    }
    this.#failed.add(number);
    return this.#lengthAt(number);
  }

  /** Whether calls in a row have failed, with none that was sent later answered yet, and more of them than chance brings about. */
  get isTelling(): boolean {
    for (const number of this.#failed) if (this.#lengthAt(number) >= this.telling) return true;
    return false;
  }

  /** The failures so far were no chance. */
  forget(): void {
    this.#failed.clear();
  }

  #lengthAt(number: number): number {
    let length = 1;
    for (let before = number - 1; this.#failed.has(before); before -= 1) length += 1;
    for (let after = number + 1; this.#failed.has(after); after += 1) length += 1;
    return length;
  }
}
