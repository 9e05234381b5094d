const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

/**
 * In how many chunks words occur, for ten minutes: to count an everyday word takes longer than to search for a rare one. That a word
 * occurs nowhere is never kept, since documents may come that have it.
 */
export class KeptCounts {
  readonly #counts = new Map<string, Readonly<{ count: number; untilMs: number }>>();

  of(word: string): number | undefined {
    const known = this.#counts.get(word);
    return known !== undefined && known.untilMs > Date.now() ? known.count : undefined;
  }

  keep(word: string, count: number): void {
    if (count === 0) return;
    if (this.#counts.size >= MOST_KEPT) this.#counts.clear();
    this.#counts.set(word, { count, untilMs: Date.now() + KEPT_MS });
  }
}
