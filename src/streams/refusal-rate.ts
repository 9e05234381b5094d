import { MOST_CHANCE } from './chance-share.ts';
import { Door } from './door.ts';
import { LearntRate } from './learnt-rate.ts';

/** A call as it was noted down when it left. */
type Sent = Readonly<{ number: number; sentMs: number; tried: boolean }>;

export type Refusal = Readonly<{
  call: Sent;
  /** What the server asked us to wait. */
  askedMs: number | undefined;
  /** Nothing better than refusals tells how fast to go. */
  learn: boolean;
  /** Other calls are on their way. */
  servedBeside: boolean;
}>;

/** What refusals (429) teach: whether the endpoint is closed for now, and how fast to go once it has been. */
export class RefusalRate {
  readonly #door: Door;
  readonly #rate: LearntRate;
  /** What had been taken, and since when, as the door closed. */
  #before: Readonly<{ fromMs: number; taken: number }> | undefined;

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

  /** What to note down of the call that leaves. */
  take(nowMs: number): Pick<Sent, 'number' | 'tried'> {
    return { number: this.#door.send(nowMs), tried: this.#rate.take(nowMs) };
  }

  /** Takes back what was taken for a call that was not made. */
  cancel(nowMs: number, { number, tried }: Sent): void {
    this.#rate.cancel(nowMs, tried);
    this.#door.cancel(number);
  }

  onAnswered(nowMs: number, call: Sent): void {
    this.#rate.onOutcome(nowMs, call, false);
    this.#door.onLetIn(call.number, nowMs);
  }

  /** Whether the server is closed: it is more than chance. */
  onRefused(nowMs: number, { call, askedMs, learn, servedBeside }: Refusal): boolean {
    this.#rate.untake(nowMs);
    const wasClosed = this.#door.isClosed;
    const roomMs = this.#rate.roomMs(nowMs, this.#before?.fromMs);
    this.#door.onRefused(nowMs, { ...call, askedMs, servedBeside, roomMs });
    if (!this.#door.isClosed) {
      if (!learn) this.#rate.withdraw(call.tried);
      else if (this.#rate.isLearnt || this.#door.chance < MOST_CHANCE)
        this.#rate.onOutcome(nowMs, call, true);
      // A server that refuses so many, few at once or not, takes no more a second.
      else this.#rate.learn(nowMs, { ...this.#rate.takenLately(nowMs), chance: MOST_CHANCE });
      return false;
    }
    this.#rate.withdraw(call.tried);
    this.#rate.drain(nowMs);
    if (wasClosed) return true;
    this.#before = learn ? this.#rate.takenLately(nowMs) : undefined;
    return true;
  }

  #learn(nowMs: number | undefined): void {
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined || nowMs === undefined) return;
    if (this.#rate.isLearnt) this.#rate.cut(nowMs);
    else this.#rate.learn(nowMs, { ...before, chance: this.#door.chance });
  }
}
