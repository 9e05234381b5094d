import { Pacer } from './pacer.ts';
import type { BudgetReading } from './rate-reading.ts';
import { UsageWindow } from './usage-window.ts';

/** Limits are a minute's unless their reset is further away. */
const WINDOW_MS = 60_000;
/** Of the whole budget: with less left than this, the pace falls in proportion. */
const MARGIN = 0.08;
/** Everyone may use what is left over this time, whatever its share so far. */
const SPREAD_MS = 20_000;
/** The most of a budget that this equal part comes to. */
const MOST_EQUAL = 0.12;
const LEAST = 0.01;
const BURST_MS = 1_000;

/**
 * The pace that a budget in the server's headers allows this process. All who share the budget see the same `remaining`,
 * so they need no coordinator: each goes at its share of what has been used lately, which keeps the sum at the limit,
 * and at an equal part of what is left, which evens the shares out. The less is left, the slower all go.
 */
export class HeaderBudget {
  readonly #used = new UsageWindow(WINDOW_MS);
  readonly #pacer: Pacer;
  #limit = 0;
  #remaining = 0;
  #resetMs = WINDOW_MS;
  #taken = 0;
  #share = 1;
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number) {
    this.#pacer = new Pacer(Number.POSITIVE_INFINITY, BURST_MS, nowMs);
  }

  /** Everything taken since the start: what a call notes down when it leaves, to be read with its answer. */
  get taken(): number {
    return this.#taken;
  }

  waitMs(nowMs: number, cost: number): number {
    return this.#pacer.waitMs(nowMs, cost);
  }

  take(nowMs: number, cost: number): void {
    this.#taken += cost;
    this.#used.add(nowMs, cost);
    this.#pacer.take(nowMs, cost);
  }

  /** What a call really used, beside what was reserved for it. */
  settle(nowMs: number, reserved: number, used: number): void {
    this.#used.add(nowMs, used - reserved);
    this.#pacer.take(nowMs, used - reserved);
  }

  /**
   * @param sentMs when the call left that brought the reading. Answers overtake each other: an older one says nothing.
   * @param takenSince what this process has taken since then: the server has it still to count.
   */
  read(nowMs: number, reading: BudgetReading, sentMs: number, takenSince: number): void {
    if (sentMs < this.#newestMs) return;
    this.#newestMs = sentMs;
    this.#limit = Math.max(reading.limit ?? this.#limit, reading.remaining, 1);
    this.#resetMs = Math.max(WINDOW_MS, reading.resetMs ?? 0);
    this.#remaining = Math.max(0, reading.remaining - this.#usedSince(takenSince, nowMs - sentMs));
    this.#pacer.setRate(this.#pace(nowMs, nowMs - sentMs), nowMs);
  }

  get state() {
    const perMinute = this.#pacer.perMs * 60_000;
    return { limit: this.#limit, remaining: this.#remaining, perMinute };
  }

  /** Whether a header has spoken lately: then it, and no guess, says how fast to go. */
  isFresh(nowMs: number): boolean {
    return nowMs - this.#newestMs < WINDOW_MS;
  }

  /** A reading is as old as its call was long: what all have used since then is told from what we have, and our share. */
  #usedSince(taken: number, ageMs: number): number {
    const refilled = (ageMs * this.#limit) / this.#resetMs;
    return Math.max(taken, taken / Math.max(LEAST, this.#share) - refilled);
  }

  #pace(nowMs: number, ageMs: number): number {
    const whole = this.#limit / this.#resetMs;
    const usedByAll = Math.max(1, this.#limit - this.#remaining);
    this.#share = Math.min(1, this.#used.sum(nowMs) / usedByAll);
    // The older the news, the more may have been used since.
    const margin = MARGIN + ageMs / this.#resetMs;
    const room = Math.min(1, this.#remaining / (margin * this.#limit));
    const equal = Math.min(MOST_EQUAL * whole, this.#remaining / SPREAD_MS);
    return Math.max(LEAST * whole, whole * this.#share * room + equal);
  }
}
