import { ConcurrencyLimit } from './concurrency-limit.ts';
import type { LatencySignal } from './latency-signal.ts';
import { OverloadDetector } from './overload-detector.ts';

/** What a call notes down when it is sent. */
export type SentBeside = Readonly<{ epoch: number; tried: boolean }>;

/** From this share of its limit on, the calls in flight are what the server was asked too much by. */
const BINDING = 0.8;

/**
 * How many calls an endpoint takes at once. The limit falls when answers become slow or more calls fail than by chance, and
 * rises with each round of answers.
 */
export class CallsAtOnce {
  readonly #limit = new ConcurrencyLimit();
  readonly #overload = new OverloadDetector();

  get limit(): number {
    return this.#limit.limit;
  }

  get ceiling(): number {
    return this.#limit.ceiling;
  }

  /** How many calls may be in flight now: fewer than the limit during a trial of the overload detector. */
  get most(): number {
    return Math.max(1, Math.floor(this.#limit.limit * this.#overload.part));
  }

  /** A further stage of so many calls at once. */
  raiseCeiling(by: number): void {
    this.#limit.raiseCeiling(by);
  }

  send(): SentBeside {
    return { epoch: this.#limit.start(), tried: this.#overload.send() };
  }

  /** Takes note of an answer, and returns whether its latency has lowered the limit. */
  onAnswered(sent: SentBeside, latency: LatencySignal, latencyMs: number): boolean {
    this.#note(sent, false);
    // A call from before the last decrease tells how things were before it.
    const verdict = this.#limit.isCurrent(sent.epoch) ? latency.onAnswered(latencyMs) : undefined;
    if (verdict?.kind === 'pressure') return this.#limit.onPressure(sent.epoch, verdict.factor);
    if (verdict?.kind !== 'tense' && !this.#overload.onTrial) this.#limit.onAnswered();
    return false;
  }

  /** Whether the calls at once may be what the server was asked too much by, with so many beside the one that ended. */
  isBinding(inFlight: number): boolean {
    return inFlight + 1 >= BINDING * this.most;
  }

  /** Takes note of a call that failed because of them, and returns whether that has lowered the limit. */
  onFailed(sent: SentBeside): boolean {
    this.#note(sent, true);
    if (!this.#limit.isCurrent(sent.epoch)) return false;
    const excess = this.#overload.share(this.#limit.limit);
    return excess > 0 && this.#limit.onPressure(sent.epoch, 1 - Math.min(0.5, excess));
  }

  /** The call tells nothing about them. */
  withdraw({ tried }: SentBeside): void {
    this.#overload.withdraw(tried);
  }

  /** Calls from before now tell nothing any more; the limit stays. */
  turn(sent: SentBeside): boolean {
    return this.#limit.onPressure(sent.epoch, 1);
  }

  #note({ tried }: SentBeside, failed: boolean): void {
    const top = this.#overload.onOutcome(failed, tried);
    if (top !== undefined) this.#limit.restore(top);
  }
}
