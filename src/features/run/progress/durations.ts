/** Upper ends of the buckets, in milliseconds: each a third wider than the one before, from 1 ms to an hour. */
export const DURATION_BUCKETS_MS: readonly number[] = Array.from({ length: 54 }, (_, index) =>
  Math.round(1.33 ** index),
);

/** How many durations fell into each bucket; the last one takes what is longer. Counts of processes add up. */
export type DurationCounts = readonly number[];

/** Counts durations where the place of a count must not grow: a quantile is right to within a third. */
export class Durations {
  readonly #counts: number[] = DURATION_BUCKETS_MS.map(() => 0);

  add(durationMs: number): void {
    const found = DURATION_BUCKETS_MS.findIndex((end) => durationMs <= end);
    const index = found === -1 ? DURATION_BUCKETS_MS.length - 1 : found;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  get counts(): DurationCounts {
    return [...this.#counts];
  }
}

export function addedUp(all: readonly DurationCounts[]): DurationCounts {
  return DURATION_BUCKETS_MS.map((_, index) => all.reduce((sum, counts) => sum + (counts[index] ?? 0), 0));
}

/** What the share `q` of all durations does not pass, in milliseconds; `undefined` where nothing was counted. */
export function quantileMs(counts: DurationCounts, q: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    if (count === 0 || seen + count < q * total) {
      seen += count;
      continue;
    }
    const from = DURATION_BUCKETS_MS[index - 1] ?? 0;
    const to = DURATION_BUCKETS_MS[index] ?? from;
    return from + (to - from) * Math.max(0, (q * total - seen) / count);
  }
  return DURATION_BUCKETS_MS.at(-1);
}
