import { FailureRuns } from '../circuit/failure-runs.ts';

/** Asked to wait this long, we need no second refusal to know that the server refuses everybody. */
const LONG_MS = 5_000;
const FIRST_SILENCE_MS = 1_000;
const SILENCE_FACTOR = 8;
const MOST_SILENCE_MS = 60_000;
/** A call counts as served when it is out for so many times as long as refusals took to come back. */
const SERVED = 3;
const LEAST_HOLD_MS = 50;
const MOST_HOLD_MS = 1_000;

/**
 * - `off`: calls go out.
 * - `doubted`: too many were refused in a row for it to be chance; the next call waits until one that is being served
 *   comes back, and shows whether the server takes no more at once or refuses everybody.
 * - `on`: nobody calls until a time; then one call shows whether the server answers again.
 */
type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'doubted'; untilMs: number; probe: number | undefined }
  | {
      readonly kind: 'on';
      /** The server has but asked for so long a wait; `undefined` if more was refused than by chance. */
      readonly toldMs: number | undefined;
      untilMs: number;
      probe: number | undefined;
      tries: number;
      late: number;
      last: number;
    };

export type Refused = Readonly<{
  number: number;
  sentMs: number;
  askedMs: number | undefined;
  servedBeside: boolean;
  roomMs: number;
}>;

/**
 * Whether the endpoint refuses everybody for now, and how long it is left alone then. A single refusal holds back only
 * the call that it answered. A cooldown begins when so many calls in a row were refused that it can hardly be chance,
 * and the next one is refused too; or when the server asks for a long wait. It ends with an answer to a call that was
 * sent later than all that were refused.
 */
export class Cooldown {
  readonly #runs = new FailureRuns();
  readonly #random: () => number;
  #state: State = { kind: 'off' };
  #holdMs = LEAST_HOLD_MS;
  /** The longest wait that was asked for while others were served. */
  #idleMs = 0;
  #asked: { number: number; ms: number } | undefined;

  readonly #ended: (nowMs: number | undefined) => void;

  /** @param ended is told when it is over: the time, or `undefined` where it turned out to be unfounded. */
  constructor(random: () => number, ended: (nowMs: number | undefined) => void) {
    this.#random = random;
    this.#ended = ended;
  }

  get isOn(): boolean {
    return this.#state.kind === 'on';
  }

  /** The share of calls that is refused while others are served. */
  get chance(): number {
    return this.#runs.share;
  }

  /** How long nobody calls; 0 while there is no cooldown. */
  silentMs(nowMs: number): number {
    return this.#state.kind === 'on' ? Math.max(0, this.#state.untilMs - nowMs) : 0;
  }

  waitMs(nowMs: number): number {
    // What is out for so long is being served.
    if (this.#state.kind !== 'off' && this.#state.probe !== undefined && nowMs >= this.#state.untilMs)
      this.#end(nowMs);
    return this.#state.kind === 'off' ? 0 : Math.max(0, this.#state.untilMs - nowMs);
  }

  send(nowMs: number): number {
    const number = this.#runs.send();
    const state = this.#state;
    if (state.kind === 'off') return number;
    // The wait was kept to its end: what was refused before it was no chance.
    if (state.kind === 'on' && state.probe === undefined && state.toldMs !== undefined) this.#runs.forget();
    state.probe ??= number;
    state.untilMs = nowMs + (state.kind === 'on' ? MOST_HOLD_MS : this.#holdMs);
    return number;
  }

  cancel(number: number): void {
    if (this.#state.kind !== 'off' && this.#state.probe === number) this.#state.untilMs = 0;
  }

  onServed(number: number, nowMs: number): void {
    this.#runs.onWell(number);
    if (this.#asked !== undefined && number > this.#asked.number) {
      this.#idleMs = Math.max(this.#idleMs, this.#asked.ms);
      this.#asked = undefined;
    }
    const state = this.#state;
    if (state.kind === 'off') return;
    if (state.probe !== undefined && number >= state.probe) this.#end(nowMs);
    else if (state.kind === 'on' && (number > state.last || this.#isIdle(state.toldMs)))
      this.#end(state.toldMs === undefined ? nowMs : undefined);
    else if (state.kind === 'doubted' && state.probe === undefined) state.untilMs = nowMs;
  }

  onRefused(nowMs: number, refused: Refused): void {
    const { number, sentMs, askedMs, servedBeside } = refused;
    this.#holdMs = Math.min(
      MOST_HOLD_MS,
      Math.max(LEAST_HOLD_MS, SERVED * (nowMs - sentMs), this.#holdMs * 0.9),
    );
    const state = this.#state;
    const run = this.#runs.onFailed(number) >= this.#runs.telling;
    if (askedMs !== undefined && (this.#asked === undefined || askedMs > this.#asked.ms))
      this.#asked = { number, ms: askedMs };
    const long = askedMs !== undefined && askedMs >= LONG_MS && askedMs > this.#idleMs;
    if (state.kind === 'on') {
      state.last = Math.max(state.last, number);
      const failed = state.probe !== undefined && number >= state.probe;
      if (failed || long) this.#begin(nowMs, refused, state.toldMs !== undefined && !failed);
      return;
    }
    if (
      (state.kind === 'doubted' && (!servedBeside || (state.probe !== undefined && number >= state.probe))) ||
      (run && state.kind === 'off' && !servedBeside)
    ) {
      this.#begin(nowMs, refused, false);
      return;
    }
    if (long) {
      this.#begin(nowMs, refused, true);
      return;
    }
    if (run && state.kind === 'off')
      this.#state = { kind: 'doubted', untilMs: nowMs + MOST_HOLD_MS, probe: undefined };
  }

  /** Whether the server asks for such waits while it serves others, and has not refused more since then than chance does. */
  #isIdle(toldMs: number | undefined): boolean {
    return toldMs !== undefined && toldMs <= this.#idleMs && !this.#runs.isTelling;
  }

  #end(nowMs: number | undefined): void {
    const { kind } = this.#state;
    this.#state = { kind: 'off' };
    if (kind === 'on') this.#ended(nowMs);
  }

  #begin(nowMs: number, { number, askedMs, roomMs }: Refused, told: boolean): void {
    const before = this.#state;
    const tries = before.kind === 'on' ? before.tries + 1 : 1;
    const late = before.kind === 'on' && roomMs <= 0 ? before.late + 1 : 0;
    const spread = 0.5 + this.#random();
    const guessMs =
      roomMs > 0
        ? Math.min(roomMs, spread * FIRST_SILENCE_MS * SILENCE_FACTOR ** (tries - 1))
        : spread * Math.min(MOST_SILENCE_MS, FIRST_SILENCE_MS * 2 ** late);
    // All who share the limit were asked to wait for the same time: they should not all come back at once.
    const silenceMs = askedMs === undefined ? guessMs : askedMs + this.#random() * Math.min(1_000, askedMs);
    if (!told) this.#runs.forget();
    this.#state = {
      kind: 'on',
      toldMs: told ? askedMs : undefined,
      untilMs: nowMs + silenceMs,
      probe: undefined,
      tries,
      late,
      last: number,
    };
  }
}
