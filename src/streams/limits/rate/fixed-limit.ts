import { Pacer } from './pacer.ts';

const MINUTE_MS = 60_000;
const BURST_MS = 1_000;

/**
 * A limit a minute from the settings, kept in any 60 s: what may burst is taken off the even rate. What a call will use
 * is reserved when it leaves, and settled with what it used.
 */
export class FixedLimit {
  readonly perMinute: number;
  readonly #pacer: Pacer;

  constructor(perMinute: number, nowMs: number) {
    this.perMinute = perMinute;
    const burst = Math.max(1, (perMinute * BURST_MS) / MINUTE_MS);
    const perMs = Math.max(perMinute - burst, perMinute / 2) / MINUTE_MS;
    this.#pacer = new Pacer(perMs, burst / perMs, nowMs);
  }

  waitMs(nowMs: number, cost: number): number {
    return this.#pacer.waitMs(nowMs, cost);
  }

  take(nowMs: number, cost: number): void {
    this.#pacer.take(nowMs, cost);
  }

  settle(nowMs: number, reserved: number, used: number): void {
    this.#pacer.take(nowMs, used - reserved);
  }
}
