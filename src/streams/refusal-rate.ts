import { Pacer } from './pacer.ts';
import { UsageWindow } from './usage-window.ts';

const WINDOW_MS = 60_000;
const BURST_MS = 2_000;
/** What a refusal leaves of the rate, and what it leaves while the rate is a first guess. */
const DECREASE = 0.92;
const FIRST_DECREASE = 0.5;
/** Single refusals do not bring the rate below this part of what was taken in the last minute. */
const FLOOR = 0.5;
/** Growth a second of a rate of one a second; faster rates grow faster, by the square root. */
const GROWTH = 0.0004;
/** The longer ago the last refusal, the faster it grows: with the square of how many of these it is. */
const CALM_MS = 15_000;
const FASTEST = 0.05;
/** It grows when so much of it was used in the last minute: what nobody uses proves nothing. */
const PROVEN = 0.95;
/** Asked to wait this long, we need no second refusal to know that the server is closed. */
const LONG_MS = 5_000;
const FIRST_SILENCE_MS = 1_000;
const SILENCE_FACTOR = 8;
const PROBE_MS = 1_000;
/** How long the call after a refusal goes alone: long enough for a refusal to come back. */
const HOLD_MS = 250;
/** Closed for more than a minute, it is asked after so long, and then ever more rarely. */
const LATE_SILENCE_MS = 4_000;
const SLOWEST_PER_MS = 1 / WINDOW_MS;

export type Refusal = Readonly<{
  sentMs: number;
  /** It was the first call after a refusal. */
  probe: boolean;
  /** What the server asked us to wait. */
  askedMs: number | undefined;
  /** Nothing better than refusals tells how fast to go. */
  learn: boolean;
}>;

/** Since when nothing but refusals came, and what had been taken in the time before. */
type Blocked = {
  readonly sinceMs: number;
  readonly fromMs: number;
  readonly learn: boolean;
  taken: number;
  refusals: number;
  /** Refusals after the minute in which it closed. */
  late: number;
};

/**
 * The rate that refusals teach where no header tells it, and how long to keep silent after them.
 *
 * A single refusal may be chance; when the next call is refused as well, the server is closed for now. The first answer
 * after that shows how many calls were taken over how long, the silence included: that is the first rate. From then on
 * it grows with time and falls with each refusal. Growth by the clock and decrease by the call bring processes that share
 * a limit to equal rates, because whoever goes faster is refused more often (a binomial algorithm: D. Bansal and H.
 * Balakrishnan, "Binomial Congestion Control Algorithms", INFOCOM 2001). Refusals that come by chance, whatever the
 * rate, would bring any such algorithm down to nothing: hence the floor for single ones.
 */
export class RefusalRate {
  readonly #sent = new UsageWindow(WINDOW_MS);
  readonly #pacer: Pacer;
  readonly #random: () => number;
  #firstMs: number | undefined;
  #grownMs = 0;
  #refusedMs = 0;
  #learntMs = Number.POSITIVE_INFINITY;
  #suspicion: { sinceMs: number; probed: boolean } | undefined;
  #blocked: Blocked | undefined;
  #silentUntilMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number, random: () => number) {
    this.#pacer = new Pacer(Number.POSITIVE_INFINITY, BURST_MS, nowMs);
    this.#random = random;
  }

  /** `Infinity` while no limit is known. */
  get perMinute(): number {
    return this.#pacer.perMs * WINDOW_MS;
  }

  silentMs(nowMs: number): number {
    return Math.max(0, this.#silentUntilMs - nowMs);
  }

  waitMs(nowMs: number): number {
    const silentMs = this.silentMs(nowMs);
    if (silentMs > 0) return silentMs;
    this.#grow(nowMs);
    return this.#pacer.waitMs(nowMs, 1);
  }

  /** Whether the call is the first one after a refusal. */
  take(nowMs: number): boolean {
    this.#firstMs ??= nowMs;
    this.#sent.add(nowMs, 1);
    this.#pacer.take(nowMs, 1);
    // While nothing is known but that it refuses, one call at a time asks.
    if (this.#blocked?.learn === true && !this.#isLearnt) this.#silentUntilMs = nowMs + PROBE_MS;
    const probe = this.#suspicion?.probed === false;
    // With no rate yet all would rush after it, into the same refusal.
    if (probe && !this.#isLearnt) this.#silentUntilMs = nowMs + HOLD_MS;
    if (this.#suspicion !== undefined) this.#suspicion.probed = true;
    return probe;
  }

  /** Takes back what was taken for a call that was not made. */
  cancel(nowMs: number): void {
    this.#sent.add(nowMs, -1);
    this.#pacer.take(nowMs, -1);
    if (this.#suspicion !== undefined) this.#suspicion.probed = false;
  }

  onAnswered(nowMs: number, sentMs: number): void {
    if (this.#suspicion !== undefined && sentMs >= this.#suspicion.sinceMs) this.#suspicion = undefined;
    const blocked = this.#blocked;
    if (blocked === undefined || sentMs < blocked.sinceMs) return;
    this.#blocked = undefined;
    if (this.#isLearnt || !blocked.learn) return;
    this.#learntMs = sentMs - blocked.fromMs < WINDOW_MS ? nowMs : Number.NEGATIVE_INFINITY;
    this.#set((blocked.taken + 1) / Math.max(FIRST_SILENCE_MS, sentMs - blocked.fromMs), nowMs);
  }

  /** Whether the server is closed: it is more than a single refusal. */
  onRefused(nowMs: number, refusal: Refusal): boolean {
    const { sentMs, probe, askedMs, learn } = refusal;
    this.#sent.add(nowMs, -1);
    const since = this.#blocked?.sinceMs ?? this.#suspicion?.sinceMs ?? Number.NEGATIVE_INFINITY;
    // One burst is one refusal.
    if (sentMs < since) {
      if (this.#blocked !== undefined) this.#blocked.taken -= 1;
      return this.#blocked !== undefined;
    }
    this.#grow(nowMs);
    this.#refusedMs = nowMs;
    const closed = this.#blocked !== undefined || probe || (askedMs ?? 0) >= LONG_MS;
    if (closed) this.#close(nowMs, askedMs, learn);
    else this.#suspect(nowMs, learn);
    if (!closed && askedMs !== undefined) this.#beSilent(nowMs, askedMs);
    return closed;
  }

  #suspect(nowMs: number, learn: boolean): void {
    this.#suspicion = { sinceMs: nowMs, probed: false };
    const floor = (FLOOR * this.#sent.sum(nowMs)) / WINDOW_MS;
    if (learn && this.#isLearnt && this.#pacer.perMs * DECREASE > floor) this.#decrease(nowMs);
  }

  #close(nowMs: number, askedMs: number | undefined, learn: boolean): void {
    // The suspicion before it has decreased the rate already.
    if (learn && this.#isLearnt && this.#blocked === undefined && this.#suspicion === undefined)
      this.#decrease(nowMs);
    this.#suspicion = undefined;
    this.#blocked ??= this.#blockedAt(nowMs, learn);
    this.#blocked.refusals += 1;
    this.#beSilent(nowMs, askedMs ?? this.#guessMs(nowMs, this.#blocked));
  }

  #beSilent(nowMs: number, silenceMs: number): void {
    // All who share the limit were refused at about the same time: they should not all come back at the same time.
    const spreadMs = this.#random() * Math.min(1_000, silenceMs);
    this.#silentUntilMs = Math.max(this.#silentUntilMs, nowMs + silenceMs + spreadMs);
    this.#pacer.drain(nowMs);
  }

  #decrease(nowMs: number): void {
    const isYoung = nowMs - this.#learntMs < WINDOW_MS;
    if (isYoung) this.#learntMs = Number.NEGATIVE_INFINITY;
    this.#set(this.#pacer.perMs * (isYoung ? FIRST_DECREASE : DECREASE), nowMs);
  }

  /** Longer each time; but when the oldest call of the minute is a minute old, a limit a minute has room again. */
  #guessMs(nowMs: number, blocked: Blocked): number {
    const spread = 0.5 + this.#random();
    const roomMs = blocked.fromMs + WINDOW_MS - nowMs;
    if (roomMs > 0)
      return Math.min(roomMs, FIRST_SILENCE_MS * SILENCE_FACTOR ** (blocked.refusals - 1) * spread);
    blocked.late += 1;
    return (
      Math.min(WINDOW_MS, (this.#isLearnt ? FIRST_SILENCE_MS : LATE_SILENCE_MS) * 2 ** (blocked.late - 1)) *
      spread
    );
  }

  get #isLearnt(): boolean {
    return this.#pacer.perMs !== Number.POSITIVE_INFINITY;
  }

  #blockedAt(nowMs: number, learn: boolean): Blocked {
    const fromMs = Math.max(this.#firstMs ?? nowMs, nowMs - WINDOW_MS);
    return { sinceMs: nowMs, fromMs, learn, taken: this.#sent.sum(nowMs), refusals: 0, late: 0 };
  }

  #set(perMs: number, nowMs: number): void {
    this.#pacer.setRate(Math.max(SLOWEST_PER_MS, perMs), nowMs);
    this.#grownMs = nowMs;
  }

  #grow(nowMs: number): void {
    const seconds = (nowMs - this.#grownMs) / 1_000;
    if (!this.#isLearnt || seconds < 0.25) return;
    const perSecond = this.#pacer.perMs * 1_000;
    const used = (this.#sent.sum(nowMs) / WINDOW_MS) * 1_000;
    if (nowMs - this.#learntMs < WINDOW_MS) {
      // What came from less than a minute is a guess, and rather a low one: it is held against the server quickly.
      this.#set((perSecond * Math.exp(FASTEST * seconds)) / 1_000, nowMs);
      return;
    }
    const calm = 1 + ((nowMs - this.#refusedMs) / CALM_MS) ** 2;
    const growth = used < PROVEN * perSecond ? 0 : Math.min(FASTEST, GROWTH * calm * Math.sqrt(perSecond));
    this.#set((perSecond * Math.exp(growth * seconds)) / 1_000, nowMs);
  }
}
