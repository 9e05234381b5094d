const MAX_ENTRIES = 1_000;
const SEPARATOR = '\u0000';

/** A row of labels and how often it came. */
export type Counted = Readonly<{ labels: readonly string[]; count: number }>;

/** Counts rows of labels. Keeps the first 1,000 different ones; later ones are counted together, as `(others)`. */
export class TextTally {
  readonly #counts = new Map<string, number>();

  add(labels: readonly string[]): void {
    const wanted = labels.join(SEPARATOR);
    const known = this.#counts.has(wanted) || this.#counts.size < MAX_ENTRIES;
    const key = known ? wanted : labels.map(() => '(others)').join(SEPARATOR);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** By labels, numbers in their order. */
  get rows(): readonly Counted[] {
    const keys = [...this.#counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    return keys.map(([key, count]) => ({ labels: key.split(SEPARATOR), count }));
  }

  /** Different rows, at most 1,001. */
  get size(): number {
    return this.#counts.size;
  }
}
