import { MOST_CHANCE } from './chance-share.ts';

/** Calls over which the share of failures is taken: to know whether it is more than chance, and how much too much is asked now. */
const LONG = 100;
/** Calls over which what is taken for chance falls. */
const MEMORY = 500;
const SHORT = 30;
/** Chance strays so many standard deviations above its share, and no further. */
const STRAY = 3;
/** What is asked during a trial. */
const LOWER = 0.75;
/** The failures that make a trial worth while; twice as many before each further one. */
const FIRST_TRIAL = 5;
const LEAST_CHANCE = 0.001;
/** What is taken for chance before anything was seen. */
const FIRST_CHANCE = 0.005;

/** For `LONG` calls less is asked, to see what fails then. All have to come back: a time-out takes longer than an answer. */
type Trial = {
  readonly top: number;
  readonly share: number;
  /** Calls sent for it, and those of them that have come back. */
  sent: number;
  back: number;
  failed: number;
};

/**
 * Whether calls fail because too much is asked, or by chance. What fails at three quarters of what was asked is chance;
 * only what fails beyond that is a reason to ask less.
 */
export class OverloadDetector {
  #chance = FIRST_CHANCE;
  #short = FIRST_CHANCE;
  #long = FIRST_CHANCE;
  #failures = 0;
  #needed = FIRST_TRIAL;
  #top = 0;
  #trial: Trial | undefined;

  /** The share of failures that is chance. */
  get chance(): number {
    return this.#chance;
  }

  get onTrial(): boolean {
    return this.#trial !== undefined;
  }

  /** The part of what might be asked that is asked now. */
  get part(): number {
    return this.#trial === undefined ? 1 : LOWER;
  }

  /** Whether the call that is sent now belongs to a trial. */
  send(): boolean {
    const trial = this.#trial;
    if (trial === undefined || trial.sent >= LONG) return false;
    trial.sent += 1;
    return true;
  }

  /** The call, sent during a trial, tells nothing after all. */
  withdraw(tried: boolean): void {
    if (tried && this.#trial !== undefined) this.#trial.sent -= 1;
  }

  /**
   * Takes note of how a call ended. Returns what may be asked again, if asking less has not helped.
   * @param tried whether it was sent during the trial.
   */
  onOutcome(failed: boolean, tried: boolean): number | undefined {
    const bad = failed ? 1 : 0;
    const trial = this.#trial;
    if (trial === undefined) {
      this.#short += (bad - this.#short) / SHORT;
      this.#long += (bad - this.#long) / LONG;
      if (this.#long < this.#chance)
        this.#chance = Math.max(LEAST_CHANCE, this.#chance + (this.#long - this.#chance) / MEMORY);
      return undefined;
    }
    if (!tried) return undefined;
    trial.back += 1;
    trial.failed += bad;
    if (trial.back < LONG) return undefined;
    const share = trial.failed / LONG;
    this.#trial = undefined;
    this.#chance = Math.min(MOST_CHANCE, Math.max(LEAST_CHANCE, share));
    this.#long = share;
    this.#short = share;
    const { top } = trial;
    this.#top = 0;
    return share > trial.share / 2 ? top : undefined;
  }

  /** The share of failures that is more than chance; 0 if they are no reason to ask less. */
  share(asked: number): number {
    if (this.#trial !== undefined) return 0;
    const stray = STRAY * Math.sqrt((this.#chance * (1 - this.#chance)) / (2 * LONG));
    if (this.#long <= this.#chance + stray) return 0;
    const excess = this.#short - this.#chance;
    if (excess <= 0) return 0;
    this.#top = Math.max(this.#top, asked);
    this.#failures += 1;
    const share = Math.max(this.#short, this.#long);
    this.#long = this.#chance;
    if (this.#failures < this.#needed) return excess;
    this.#failures = 0;
    this.#needed *= 2;
    this.#trial = { top: this.#top, share, sent: 0, back: 0, failed: 0 };
    return 0;
  }
}
