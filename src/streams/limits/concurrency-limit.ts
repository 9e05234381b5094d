/**
 * How many calls an endpoint is given at once, as its answers teach: additive increase, multiplicative decrease (V.
 * Jacobson, "Congestion Avoidance and Control", SIGCOMM 1988). It starts at its ceiling, because most endpoints take a
 * whole batch; the first sign of pressure halves it. One round of as many answers as the limit raises it by one.
 *
 * A burst of bad signs is one sign: calls that were on their way at a decrease do not decrease it again (as NewReno's
 * recovery point, RFC 6582). Which calls these are is told by the epoch that `start` gave them.
 */
export class ConcurrencyLimit {
  #ceiling = 0;
  #limit = 0;
  #epoch = 0;

  /** Calls at once now: a whole number from 1 to the ceiling. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  /** A further stage of so many calls at once: what nobody has limited yet grows with it. */
  raiseCeiling(by: number): void {
    const free = this.#limit >= this.#ceiling;
    this.#ceiling += by;
    if (free) this.#limit = this.#ceiling;
  }

  /** The epoch of a call that starts now. */
  start(): number {
    return this.#epoch;
  }

  /** Whether the call started after the last decrease. */
  isCurrent(epoch: number): boolean {
    return epoch === this.#epoch;
  }

  onAnswered(): void {
    this.#limit = Math.min(this.#ceiling, this.#limit + 1 / Math.max(1, this.#limit));
  }

  /** It was lowered in vain: what it was before is given back. */
  restore(limit: number): void {
    this.#limit = Math.min(this.#ceiling, Math.max(this.#limit, limit));
  }

  /**
   * More was asked than the server takes. `false` if the call started before the last decrease, which has answered it
   * already.
   * @param factor what is left of the limit; 1 where the calls at once were not what was too much.
   */
  onPressure(epoch: number, factor = 0.5): boolean {
    if (!this.isCurrent(epoch)) return false;
    this.#epoch += 1;
    this.#limit = Math.max(1, this.#limit * factor);
    return true;
  }
}
