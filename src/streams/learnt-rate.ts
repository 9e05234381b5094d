import { Excess } from './excess.ts';
import { Pacer } from './pacer.ts';
import { UsageWindow } from './usage-window.ts';

const WINDOW_MS = 60_000;
const BURST_MS = 2_000;
/** What a refusal leaves of the rate while it is a first guess. */
const FIRST_DECREASE = 0.5;
/** Growth a second of a rate of one a second; faster rates grow faster, by the square root. */
const GROWTH = 0.0001;
/** The longer ago the last decrease, the faster it grows: with the square of how many of these it is. */
const CALM_MS = 15_000;
const FASTEST = 0.05;
/** How far it goes beyond what was used in the last minute; twice as far for each minute without a decrease. */
const STEP = 0.06;
/** A trial costs a quarter of the rate for many seconds, and chance is known well before a rate is learnt. */
const FIRST_TRIAL = 12;
const SLOWEST_PER_MS = 1 / WINDOW_MS;
const SHORTEST_MS = 1_000;

/**
 * The rate that a closed door has taught. It grows with time and falls with each refusal that is more than chance. Growth
 * by the clock and decrease by the call bring processes that share a limit to equal rates, because whoever goes faster is
 * refused more often (a binomial algorithm: D. Bansal and H. Balakrishnan, "Binomial Congestion Control Algorithms",
 * INFOCOM 2001).
 */
export class LearntRate {
  readonly #pacer: Pacer;
  readonly #taken = new UsageWindow(WINDOW_MS);
  #excess = new Excess(undefined, FIRST_TRIAL);
  #perMs = Number.POSITIVE_INFINITY;
  #part = 1;
  #held = false;
  #firstMs: number | undefined;
  #grownMs = 0;
  #cutMs = 0;
  #learntMs = Number.POSITIVE_INFINITY;

  constructor(nowMs: number) {
    this.#pacer = new Pacer(Number.POSITIVE_INFINITY, BURST_MS, nowMs);
  }

  get isLearnt(): boolean {
    return this.#perMs !== Number.POSITIVE_INFINITY;
  }

  /** Whether less is asked at present, to see what fails then. */
  get onTrial(): boolean {
    return this.#excess.onTrial;
  }

  get perMinute(): number {
    return this.#perMs * WINDOW_MS;
  }

  waitMs(nowMs: number): number {
    this.#grow(nowMs);
    const waitMs = this.#pacer.waitMs(nowMs, 1);
    if (waitMs > 0) this.#held = true;
    return waitMs;
  }

  /** Whether the call belongs to a trial. */
  take(nowMs: number): boolean {
    this.#firstMs ??= nowMs;
    this.#taken.add(nowMs, 1);
    this.#pacer.take(nowMs, 1);
    return this.#excess.send();
  }

  /** The server did not take it. */
  untake(nowMs: number): void {
    this.#taken.add(nowMs, -1);
  }

  /** The call tells nothing about the rate. */
  withdraw(tried: boolean): void {
    this.#excess.withdraw(tried);
  }

  cancel(nowMs: number, tried: boolean): void {
    this.untake(nowMs);
    this.withdraw(tried);
    this.#pacer.take(nowMs, -1);
  }

  drain(nowMs: number): void {
    this.#pacer.drain(nowMs);
  }

  /** How long until a limit a minute has room again, because the oldest call of the minute is a minute old. */
  roomMs(nowMs: number, fromMs = Math.max(this.#firstMs ?? nowMs, nowMs - WINDOW_MS)): number {
    return fromMs + WINDOW_MS - nowMs;
  }

  /** Calls taken in the last minute, and since when: what a closed door is measured by. */
  takenLately(nowMs: number): { fromMs: number; taken: number } {
    const fromMs = Math.max(this.#firstMs ?? nowMs, nowMs - WINDOW_MS);
    return { fromMs, taken: this.#taken.sum(nowMs) };
  }

  /** Takes note of an answer or a refusal. */
  onOutcome(
    nowMs: number,
    { sentMs, tried }: Readonly<{ sentMs: number; tried: boolean }>,
    failed: boolean,
  ): void {
    if (!this.isLearnt) return;
    const top = this.#excess.onOutcome(failed, tried);
    if (top !== undefined) {
      this.#cutMs = nowMs;
      this.#set(Math.max(this.#perMs, top / WINDOW_MS), nowMs);
    } else if (failed && sentMs >= this.#cutMs) {
      const excess = this.#excess.share(this.perMinute);
      if (excess > 0) this.cut(nowMs, Math.min(0.5, excess));
    }
    if (this.#excess.part !== this.#part) {
      this.#part = this.#excess.part;
      this.#set(this.#perMs, nowMs);
    }
  }

  /** The first answer after a closed door: so many calls were taken over so long, the silence included. */
  learn(
    nowMs: number,
    { fromMs, taken, chance }: Readonly<{ fromMs: number; taken: number; chance: number }>,
  ): void {
    this.#excess = new Excess(chance, FIRST_TRIAL);
    this.#cutMs = nowMs;
    this.#learntMs = nowMs - fromMs < WINDOW_MS ? nowMs : Number.NEGATIVE_INFINITY;
    const perMs = (taken + 1) / (1 - chance) / Math.min(WINDOW_MS, Math.max(SHORTEST_MS, nowMs - fromMs));
    this.#set(perMs * (1 - STEP), nowMs);
  }

  /** More was asked than the server takes. */
  cut(nowMs: number, excess = 0): void {
    this.#grow(nowMs);
    const isYoung = nowMs - this.#learntMs < WINDOW_MS;
    if (isYoung) this.#learntMs = Number.NEGATIVE_INFINITY;
    this.#cutMs = nowMs;
    const left = this.#perMs * (isYoung ? FIRST_DECREASE : 1 - Math.max(STEP, excess));
    // The minute has shown that so many are taken.
    const shown =
      ((1 - Math.min(STEP, excess)) * this.#taken.sum(nowMs)) / WINDOW_MS / (1 - this.#excess.chance);
    this.#set(Math.max(left, Math.min(this.#perMs, shown)), nowMs);
  }

  #set(perMs: number, nowMs: number): void {
    this.#perMs = Math.max(SLOWEST_PER_MS, perMs);
    this.#pacer.setRate(this.#perMs * this.#excess.part, nowMs);
    this.#grownMs = nowMs;
  }

  #grow(nowMs: number): void {
    const seconds = (nowMs - this.#grownMs) / 1_000;
    if (!this.isLearnt || seconds < 0.25 || this.onTrial) return;
    const perSecond = this.#perMs * 1_000;
    const isYoung = nowMs - this.#learntMs < WINDOW_MS;
    const calm = 1 + ((nowMs - this.#cutMs) / CALM_MS) ** 2;
    const used = (this.#taken.sum(nowMs) / WINDOW_MS) * 1_000;
    const step = Math.min(0.5, STEP * 2 ** Math.max(0, Math.floor((nowMs - this.#cutMs) / WINDOW_MS) - 1));
    const proven = used * (1 + step) >= (1 - this.#excess.chance) * perSecond;
    const growth = isYoung ? FASTEST : Math.min(FASTEST, GROWTH * calm * Math.sqrt(perSecond));
    const held = this.#held;
    this.#held = false;
    this.#set(
      held && (isYoung || proven) ? (perSecond * Math.exp(growth * seconds)) / 1_000 : this.#perMs,
      nowMs,
    );
  }
}
