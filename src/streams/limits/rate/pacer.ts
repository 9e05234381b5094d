/**
 * A bucket that fills at a rate and holds little: it spreads calls evenly and lets a small burst through (the generic
 * cell rate algorithm, ITU-T I.371). What costs more than it holds goes when it is full, and is paid off afterwards.
 * Time is passed in, in milliseconds of any monotonic clock.
 */
export class Pacer {
  readonly #burstMs: number;
  #perMs: number;
  #balance: number;
  #atMs: number;

  /** @param burstMs the time whose amount it holds, at least one unit. */
  constructor(perMs: number, burstMs: number, nowMs: number) {
    this.#perMs = perMs;
    this.#burstMs = burstMs;
    this.#atMs = nowMs;
    this.#balance = this.#capacity;
  }

  /** Units per millisecond; `Infinity` lets everything through. */
  get perMs(): number {
    return this.#perMs;
  }

  setRate(perMs: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#perMs = perMs;
    this.#balance = Math.min(this.#balance, this.#capacity);
  }

  /** How long until `cost` units may go; 0 if they may go now. */
  waitMs(nowMs: number, cost: number): number {
    if (this.#perMs === Number.POSITIVE_INFINITY) return 0;
    this.#fill(nowMs);
    const short = Math.min(cost, this.#capacity) - this.#balance;
    return short <= 0 ? 0 : Math.max(1, short / this.#perMs);
  }

  take(nowMs: number, cost: number): void {
    this.#fill(nowMs);
    this.#balance -= cost;
  }

  /** Drops what has been saved up. */
  drain(nowMs: number): void {
    this.#fill(nowMs);
    this.#balance = Math.min(this.#balance, 0);
  }

  get #capacity(): number {
    return this.#perMs === Number.POSITIVE_INFINITY ? 0 : Math.max(1, this.#perMs * this.#burstMs);
  }

  #fill(nowMs: number): void {
    if (this.#perMs === Number.POSITIVE_INFINITY) this.#balance = 0;
    else
      this.#balance = Math.min(this.#capacity, this.#balance + Math.max(0, nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }
}
