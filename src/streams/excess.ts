/** Calls over which the share of failures is taken: to know whether it is more than chance, and how much too much is asked now. */
const LONG = 100;
const SHORT = 30;
/** Chance strays so many standard deviations above its share, and no further. */
const STRAY = 3;
/** What is asked during a trial. */
const LOWER = 0.75;
/** The failures that make a trial worth while; twice as many before each further one. */
const FIRST_TRIAL = 5;
/** How many calls a trial takes, and how many failures it wants to see if they are chance. */
const TRIAL = { least: 30, most: 100, failures: 10 };
/** Who refuses more than this is asked too much. */
const MOST_CHANCE = 0.25;
const LEAST_CHANCE = 0.001;

/** For so many calls less is asked, to see what fails then. */
type Trial = {
  readonly top: number;
  readonly share: number;
  readonly calls: number;
  failed: number;
  all: number;
};

/**
 * Whether calls fail because too much is asked, or by chance. What fails at three quarters of what was asked is chance;
 * only what fails beyond that is a reason to ask less.
 */
export class Excess {
  #chance: number;
  #seen = 0;
  #short = 0;
  #long = 0;
  #failures = 0;
  #needed: number;
  #top = 0;
  #trial: Trial | undefined;

  /**
   * @param chance what is known already to fail by chance.
   * @param firstTrial failures that are more than chance before the first trial.
   */
  constructor(chance = 0.005, firstTrial = FIRST_TRIAL) {
    this.#needed = firstTrial;
    this.#chance = Math.min(MOST_CHANCE, Math.max(LEAST_CHANCE, chance));
  }

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

  /**
   * Takes note of how a call ended. Returns what may be asked again, if asking less has not helped.
   * @param tried whether it was sent during the trial.
   */
  onOutcome(failed: boolean, tried: boolean): number | undefined {
    const bad = failed ? 1 : 0;
    this.#seen += 1;
    const trial = this.#trial;
    if (trial === undefined) {
      this.#short += (bad - this.#short) / Math.min(this.#seen, SHORT);
      this.#long += (bad - this.#long) / Math.min(this.#seen, LONG);
      if (this.#long < this.#chance)
        this.#chance = Math.max(LEAST_CHANCE, this.#chance + (this.#long - this.#chance) / LONG);
      return undefined;
    }
    if (!tried) return undefined;
    trial.all += 1;
    trial.failed += bad;
    if (trial.all < trial.calls) return undefined;
    const share = (trial.failed + 0.05) / (trial.all + 10);
    this.#trial = undefined;
    this.#chance = Math.min(MOST_CHANCE, Math.max(LEAST_CHANCE, share));
    this.#long = share;
    this.#short = share;
    const { top } = trial;
    this.#top = 0;
    return share > trial.share / 2 ? top : undefined;
  }

  /**
   * The share of failures that is more than chance; 0 if they are no reason to ask less.
   * @param pending calls whose end is not known yet.
   */
  share(asked: number, pending: number): number {
    if (this.#trial !== undefined) return 0;
    const long = this.#of(this.#long, LONG, pending);
    const stray = STRAY * Math.sqrt((this.#chance * (1 - this.#chance)) / (2 * LONG));
    if (long <= this.#chance + stray) return 0;
    const excess = this.#of(this.#short, SHORT, pending) - this.#chance;
    if (excess <= 0) return 0;
    this.#top = Math.max(this.#top, asked);
    this.#failures += 1;
    const share = Math.max(this.#short, this.#long);
    this.#long = this.#chance;
    if (this.#failures < this.#needed || this.#seen < SHORT) return excess;
    this.#failures = 0;
    this.#needed *= 2;
    const calls = Math.min(TRIAL.most, Math.max(TRIAL.least, Math.round(TRIAL.failures / share)));
    this.#trial = { top: this.#top, share, calls, failed: 0, all: 0 };
    return 0;
  }

  #of(share: number, window: number, pending: number): number {
    return (share * Math.min(this.#seen, window)) / Math.min(this.#seen + pending, window);
  }
}
