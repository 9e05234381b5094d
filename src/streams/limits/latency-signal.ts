/** Answers whose median counts as the latency now. Odd, and many enough that a few long answers do not move it. */
const RECENT = 31;
/** Answers that make the first baseline. */
const WARM_UP = 62;
/** How far the baseline goes towards each answer, and how much faster down when the latency has fallen. */
const PULL = 0.004;
const DROP = 0.05;
/** Latency of so many times the baseline is pressure: three times is far outside what the spread of answers does. */
const PRESSURE = 3;
/** From here on the limit does not rise any more. */
const TENSE = 1.8;

export type LatencyVerdict =
  | Readonly<{ kind: 'calm' }>
  | Readonly<{ kind: 'tense' }>
  | Readonly<{ kind: 'pressure'; factor: number }>;
const CALM: LatencyVerdict = { kind: 'calm' };

/**
 * Whether the calls of one stage take longer than they used to: servers that queue instead of refusing show it by
 * nothing else. The median of the last answers is held against a slowly moving baseline, as Netflix's gradient limits do
 * with means (github.com/Netflix/concurrency-limits); medians and a wide margin, because the length of an answer varies
 * far more than a request of a web service. A lasting change becomes the new baseline after some hundred answers.
 */
export class LatencySignal {
  readonly #recent: number[] = [];
  #first: number[] | undefined = [];
  #next = 0;
  /** Natural logarithm of the usual latency. */
  #baseline = 0;

  /** Takes note of an answer to a call that left after the last decrease. */
  onAnswered(latencyMs: number): LatencyVerdict {
    const logMs = Math.log(Math.max(1, latencyMs));
    if (this.#first !== undefined) {
      this.#warmUp(this.#first, logMs);
      return CALM;
    }
    this.#baseline += PULL * (logMs - this.#baseline);
    this.#recent[this.#next] = logMs;
    this.#next = (this.#next + 1) % RECENT;
    if (this.#recent.length < RECENT) return CALM;
    const risen = median(this.#recent) - this.#baseline;
    if (risen < 0) this.#baseline += DROP * risen;
    return this.#verdict(Math.exp(risen));
  }

  /** After a decrease only new answers count. */
  forget(): void {
    this.#recent.length = 0;
    this.#next = 0;
  }

  #warmUp(first: number[], logMs: number): void {
    if (first.push(logMs) < WARM_UP) return;
    this.#baseline = median(first);
    this.#first = undefined;
  }

  #verdict(ratio: number): LatencyVerdict {
    if (ratio < TENSE) return CALM;
    if (ratio < PRESSURE) return { kind: 'tense' };
    return { kind: 'pressure', factor: Math.max(0.5, 1 / Math.sqrt(ratio)) };
  }
}

function median(values: readonly number[]): number {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)] ?? 0;
}
