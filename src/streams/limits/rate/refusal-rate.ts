import { MOST_CHANCE } from '../chance-share.ts';
import { Door } from './door.ts';
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

/** What refusals (429) teach: whether the endpoint is closed for now, and how fast to go once it has been. */
export class RefusalRate {
  readonly #door: Door;
  readonly #rate: LearntRate;
  /** What there was as the door closed. */
  #closed: Closed | undefined;

  constructor(nowMs: number, random: () => number) {
    this.#rate = new LearntRate(nowMs);
    this.#door = new Door(random, (openedMs) => this.#learn(openedMs));
  }

  /** `Infinity` while no limit is known. */
  get perMinute(): number {
    return this.#rate.perMinute;
  }

  silentMs(nowMs: number): number {
    return this.#door.silentMs(nowMs);
  }

  waitMs(nowMs: number): number {
    const waitMs = this.#door.waitMs(nowMs);
    return waitMs > 0 ? waitMs : this.#rate.waitMs(nowMs);
  }

  /** The number of the call that leaves. */
  take(nowMs: number): number {
    this.#rate.take(nowMs);
    return this.#door.send(nowMs);
  }

  /** Takes back what was taken for a call that was not made. */
  cancel(nowMs: number, { number }: Sent): void {
    this.#rate.cancel(nowMs);
    this.#door.cancel(number);
  }

  onAnswered(nowMs: number, { number }: Sent): void {
    this.#rate.onAnswered();
    this.#door.onLetIn(number, nowMs);
  }

  /** Whether the server is closed: it is more than chance. */
  onRefused(nowMs: number, { call, askedMs, learn, servedBeside, isBinding }: Refusal): boolean {
    const wasClosed = this.#door.isClosed;
    const roomMs = this.#rate.roomMs(nowMs, this.#closed?.fromMs);
    this.#door.onRefused(nowMs, { ...call, askedMs, servedBeside, roomMs });
    this.#rate.onRefused(nowMs, call.sentMs, learn && !isBinding && !this.#door.isClosed);
    if (!this.#door.isClosed) {
      // A server that refuses so many, few at once or not, takes no more a second.
      if (learn && !this.#rate.isLearnt && this.#door.chance >= MOST_CHANCE)
        this.#rate.learn(nowMs, this.#closedAt(nowMs));
      return false;
    }
    this.#rate.drain(nowMs);
    if (!wasClosed) this.#closed = learn ? this.#closedAt(nowMs) : undefined;
    return true;
  }

  #closedAt(nowMs: number): Closed {
    return { ...this.#rate.takenLately(nowMs), atMs: nowMs, chance: this.#door.chance };
  }

  #learn(nowMs: number | undefined): void {
    const closed = this.#closed;
    this.#closed = undefined;
    if (closed !== undefined && nowMs !== undefined) this.#rate.learn(nowMs, closed);
  }
}
