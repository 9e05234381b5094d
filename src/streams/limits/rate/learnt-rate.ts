import { MoreThanChance } from '../more-than-chance.ts';
import { Pacer } from './pacer.ts';
import { UsageWindow } from './usage-window.ts';

const WINDOW_MS = 60_000;
/** What is saved up goes at once: no more than a timer of a busy process is late. */
const BURST_MS = 250;
const SHORTEST_MS = 1_000;
const SLOWEST_PER_MS = 1 / WINDOW_MS;
/** Growth is reckoned so often. */
const STRIDE_MS = 250;
/** What refusals beyond chance take off the rate, and how far it goes beyond them before it is looked for anew. */
const STEP = 0.06;
/** What is left of a rate that was but a guess. */
const HALF = 0.5;
/** So long the rate takes to come back to where it was refused. It stays near there for as long again. */
const RETURN_MS = 40_000;
/** A silence of a second or two may be a guess of ours; one so long is the limit's. */
const LONG_MS = 10_000;
/** A first guess doubles in so long, because its refusals come back within moments … */
const FIRST_DOUBLING_MS = 1_000;
/** … and a known rate whose limit seems to have moved, so that a limit a minute is not used up in a burst. */
const DOUBLING_MS = 12_000;
/** A rate grows no more that is so many times what was used lately. */
const UNUSED = 2;

/**
 * - `search`: nothing speaks against a higher rate. It doubles again and again.
 * - `near`: it was refused at `topPerMs`. It comes back there, ever more slowly, and leaves it ever faster.
 */
type Course =
  | { readonly kind: 'search'; readonly doublingMs: number }
  | { readonly kind: 'near'; readonly topPerMs: number; readonly depth: number; calmMs: number };

/** So many calls were taken, and since when. */
export type CallsTaken = Readonly<{ fromMs: number; taken: number }>;

/** What had been taken when a cooldown began, when that was, and the share that was refused by chance until then. */
export type Closed = CallsTaken & Readonly<{ atMs: number; chance: number }>;

/**
 * The rate that a cooldown has taught. It counts calls that are taken: one that is refused is made up for at once. It falls when
 * more are refused than by chance, and grows in between with the cube of the time (as CUBIC does, RFC 9438): soon back to where it
 * was refused, long near there, and then fast, because its limit has moved. Whoever goes faster is refused more often; that
 * brings processes that share a limit to equal rates.
 */
export class LearntRate {
  readonly #pacer: Pacer;
  readonly #taken = new UsageWindow(WINDOW_MS);
  #refusals = new MoreThanChance();
  #perMs = Number.POSITIVE_INFINITY;
  #course: Course = { kind: 'search', doublingMs: FIRST_DOUBLING_MS };
  #held = false;
  #firstMs: number | undefined;
  #grownMs = 0;
  #cutMs = 0;

  constructor(nowMs: number) {
    this.#pacer = new Pacer(Number.POSITIVE_INFINITY, BURST_MS, nowMs);
  }

  get isLearnt(): boolean {
    return this.#perMs !== Number.POSITIVE_INFINITY;
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

  take(nowMs: number): void {
    this.#firstMs ??= nowMs;
    this.#taken.add(nowMs, 1);
    this.#pacer.take(nowMs, 1);
  }

  /** The call was not made after all. */
  cancel(nowMs: number): void {
    this.#taken.add(nowMs, -1);
    this.#pacer.take(nowMs, -1);
  }

  onAnswered(): void {
    if (this.isLearnt) this.#refusals.onOutcome(false, this.#isBelow);
  }

  /**
   * The server did not take the call.
   * @param tells whether that tells how fast to go: nothing better does, and there is no cooldown.
   */
  onRefused(nowMs: number, sentMs: number, tells: boolean): void {
    this.#taken.add(nowMs, -1);
    if (!tells || !this.isLearnt || sentMs < this.#cutMs) return;
    if (this.#refusals.onOutcome(true, this.#isBelow)) this.#cut(nowMs);
    else this.#pacer.take(nowMs, -1);
  }

  /** What is saved up is gone, and what was refused was no chance. */
  drain(nowMs: number): void {
    this.#refusals.forget();
    this.#pacer.drain(nowMs);
  }

  /** How long until a limit a minute has room again, because the oldest call of the minute is a minute old. */
  roomMs(nowMs: number, fromMs = this.takenLately(nowMs).fromMs): number {
    return fromMs + WINDOW_MS - nowMs;
  }

  /** Calls taken in the last minute. */
  takenLately(nowMs: number): CallsTaken {
    const fromMs = Math.max(this.#firstMs ?? nowMs, nowMs - WINDOW_MS);
    return { fromMs, taken: this.#taken.sum(nowMs) };
  }

  /** The server takes calls again: what it took until it was closed, over the time until now, is the rate. */
  learn(nowMs: number, closed: Closed): void {
    const perMs = perMsOf(nowMs, { ...closed, taken: closed.taken + 1 });
    if (this.isLearnt) {
      const isLong = nowMs - closed.atMs >= LONG_MS;
      this.#lower(nowMs, Math.min(HALF * this.#perMs, isLong ? perMs : this.#perMs));
      return;
    }
    this.#refusals = new MoreThanChance(closed.chance);
    this.#cutMs = nowMs;
    // Long before a minute is over it is no limit a minute that has room again.
    if (nowMs - closed.fromMs >= WINDOW_MS / 2) this.#setNear(nowMs, perMs * (1 - STEP), perMs);
    else this.#set(nowMs, perMs, { kind: 'search', doublingMs: FIRST_DOUBLING_MS });
  }

  /** Whether it is so far below what was refused that a refusal now is chance. */
  get #isBelow(): boolean {
    return this.#course.kind === 'near' && this.#course.calmMs < RETURN_MS / 2;
  }

  #cut(nowMs: number): void {
    this.#grow(nowMs);
    this.#lower(nowMs, this.#perMs * (this.#course.kind === 'search' ? HALF : 1 - STEP));
  }

  #lower(nowMs: number, perMs: number): void {
    this.drain(nowMs);
    this.#cutMs = nowMs;
    // The last minute has shown that so many are taken.
    const shown = (1 - STEP) * perMsOf(nowMs, this.takenLately(nowMs));
    const next = Math.min(this.#perMs, Math.max(perMs, shown));
    const isGuess = this.#course.kind === 'search' && perMs >= shown;
    this.#setNear(nowMs, next, isGuess ? this.#perMs : next / (1 - STEP));
  }

  #setNear(nowMs: number, perMs: number, topPerMs: number): void {
    this.#set(nowMs, perMs, { kind: 'near', topPerMs, depth: 1 - perMs / topPerMs, calmMs: 0 });
  }

  #set(nowMs: number, perMs: number, course: Course): void {
    this.#course = course;
    this.#perMs = Math.max(SLOWEST_PER_MS, perMs);
    this.#pacer.setRate(this.#perMs, nowMs);
    this.#grownMs = nowMs;
  }

  #grow(nowMs: number): void {
    const passedMs = nowMs - this.#grownMs;
    if (!this.isLearnt || passedMs < STRIDE_MS) return;
    this.#grownMs = nowMs;
    // Who did not have to wait has no use for more.
    const held = this.#held;
    this.#held = false;
    if (!held) return;
    const course = this.#course;
    if (course.kind === 'search') this.#set(nowMs, this.#perMs * 2 ** (passedMs / course.doublingMs), course);
    else if (this.#perMs <= UNUSED * perMsOf(nowMs, this.takenLately(nowMs))) {
      course.calmMs += passedMs;
      const way = course.calmMs / RETURN_MS - 1;
      const perMs = course.topPerMs * (1 + (way < 0 ? course.depth : STEP) * way ** 3);
      this.#set(nowMs, perMs, way < 1 ? course : { kind: 'search', doublingMs: DOUBLING_MS });
    }
  }
}

function perMsOf(nowMs: number, { fromMs, taken }: CallsTaken): number {
  return taken / Math.min(WINDOW_MS, Math.max(SHORTEST_MS, nowMs - fromMs));
}
