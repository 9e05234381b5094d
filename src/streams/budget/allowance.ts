import { type Amount, isWithin, type Limit, minus, NOTHING, plus } from './amount.ts';

/**
 * A limit of this process alone. What is reserved and what is spent never pass it together; only a call that took more
 * than was reserved for it can.
 */
export class Allowance {
  readonly limit: Limit;
  #spent = NOTHING;
  #reserved = NOTHING;

  constructor(limit: Limit) {
    this.limit = limit;
  }

  get spent(): Amount {
    return this.#spent;
  }

  get reserved(): Amount {
    return this.#reserved;
  }

  hasRoom(amount: Amount): boolean {
    return isWithin(plus(plus(this.#spent, this.#reserved), amount), this.limit);
  }

  /** Whether there was room; then it is reserved. */
  reserve(amount: Amount): boolean {
    if (!this.hasRoom(amount)) return false;
    this.#reserved = plus(this.#reserved, amount);
    return true;
  }

  /** Ends a reservation with what was really taken. */
  settle(reserved: Amount, spent: Amount): void {
    this.#reserved = minus(this.#reserved, reserved);
    this.#spent = plus(this.#spent, spent);
  }
}
