import { MOST_CHANCE } from '../chance-share.ts';
import { Cooldown } from './cooldown.ts';
import { type Closed, LearntRate } from './learnt-rate.ts';

/** A call as it was noted down when it left. */
type Sent = Readonly<{ number: number; sentMs: number }>;

export type Refusal = Readonly<{
  call: Sent;
  /** What the server asked us to wait. */
  askedMs: number | undefined;
  /** Nothing better than refusals tells how fast to go. */
  learn: boolean;
  /** Other calls are on their way. */
  servedBeside: boolean;
  /** As many are as are let go at once: it may have been one too many, and tells nothing about the rate. */
  isBinding: boolean;
}>;

/** What refusals (429) teach: whether the endpoint cools down, and how fast to go after that. */
export class RefusalRate {
  readonly #cooldown: Cooldown;
  readonly #rate: LearntRate;
  /** What was known when the cooldown began. */
  #before: Closed | undefined;

  constructor(nowMs: number, random: () => number) {
    this.#rate = new LearntRate(nowMs);
    this.#cooldown = new Cooldown(random, (endedMs) => this.#learn(endedMs));
  }

  /** `Infinity` while no limit is known. */
  get perMinute(): number {
    return this.#rate.perMinute;
  }

  silentMs(nowMs: number): number {
    return this.#cooldown.silentMs(nowMs);
  }

  waitMs(nowMs: number): number {
    const waitMs = this.#cooldown.waitMs(nowMs);
    return waitMs > 0 ? waitMs : this.#rate.waitMs(nowMs);
  }

  /** The number of the call that leaves. */
  take(nowMs: number): number {
    this.#rate.take(nowMs);
    return this.#cooldown.send(nowMs);
  }

  /** Takes back what was taken for a call that was not made. */
  cancel(nowMs: number, { number }: Sent): void {
    this.#rate.cancel(nowMs);
    this.#cooldown.cancel(number);
  }

  onAnswered(nowMs: number, { number }: Sent): void {
    this.#rate.onAnswered();
    this.#cooldown.onServed(number, nowMs);
  }

  /** Whether the endpoint cools down now: it is more than chance. */
  onRefused(nowMs: number, { call, askedMs, learn, servedBeside, isBinding }: Refusal): boolean {
    const wasOn = this.#cooldown.isOn;
    const roomMs = this.#rate.roomMs(nowMs, this.#before?.fromMs);
    this.#cooldown.onRefused(nowMs, { ...call, askedMs, servedBeside, roomMs });
    this.#rate.onRefused(nowMs, call.sentMs, learn && !isBinding && !this.#cooldown.isOn);
    if (!this.#cooldown.isOn) {
      // A server that refuses so many, few at once or not, takes no more a second.
      if (learn && !this.#rate.isLearnt && this.#cooldown.chance >= MOST_CHANCE)
        this.#rate.learn(nowMs, this.#stateAt(nowMs));
      return false;
    }
    this.#rate.drain(nowMs);
    if (!wasOn) this.#before = learn ? this.#stateAt(nowMs) : undefined;
    return true;
  }

  #stateAt(nowMs: number): Closed {
    return { ...this.#rate.takenLately(nowMs), atMs: nowMs, chance: this.#cooldown.chance };
  }

  #learn(nowMs: number | undefined): void {
    const closed = this.#before;
    this.#before = undefined;
    if (closed !== undefined && nowMs !== undefined) this.#rate.learn(nowMs, closed);
  }
}
