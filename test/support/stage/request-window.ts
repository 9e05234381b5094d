export type Admission = Readonly<{
  admitted: boolean;
  limit: number;
  remaining: number;
  resetMs: number;
  retryMs: number;
}>;

/** A limit of so many requests in any window of so many milliseconds, as a server keeps it. */
export class RequestWindow {
  readonly #limit: (nowMs: number) => number;
  readonly #windowMs: number;
  #admittedAtMs: number[] = [];
  #gone = 0;

  constructor(limit: number | ((nowMs: number) => number), windowMs: number) {
    this.#limit = typeof limit === 'number' ? () => limit : limit;
    this.#windowMs = windowMs;
  }

  /** Admits a request or refuses it, and says what is left. What is refused uses nothing. */
  ask(nowMs: number): Admission {
    while ((this.#admittedAtMs[this.#gone] ?? Number.POSITIVE_INFINITY) <= nowMs - this.#windowMs)
      this.#gone += 1;
    if (this.#gone > 10_000) {
      this.#admittedAtMs = this.#admittedAtMs.slice(this.#gone);
      this.#gone = 0;
    }
    const limit = this.#limit(nowMs);
    const used = this.#admittedAtMs.length - this.#gone;
    const admitted = used < limit;
    if (admitted) this.#admittedAtMs.push(nowMs);
    const remaining = limit - used - (admitted ? 1 : 0);
    const oldest = this.#admittedAtMs[this.#gone] ?? nowMs;
    const newest = this.#admittedAtMs.at(-1) ?? nowMs;
    return {
      admitted,
      limit,
      remaining,
      resetMs: newest + this.#windowMs - nowMs,
      retryMs: remaining > 0 ? 0 : oldest + this.#windowMs - nowMs,
    };
  }
}
