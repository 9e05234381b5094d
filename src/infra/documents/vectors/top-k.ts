type Scored = Readonly<{ id: number; score: number }>;

/** Keeps those of the highest score, of any number that come. Of equals the first count. */
export class TopK {
  readonly #count: number;
  #kept: Scored[] = [];
  #floor = Number.NEGATIVE_INFINITY;

  constructor(count: number) {
    this.#count = count;
  }

  offer(id: number, score: number): void {
    if (score <= this.#floor) return;
    this.#kept.push({ id, score });
    if (this.#kept.length >= 2 * this.#count) this.#cut();
  }

  /** The highest first. */
  ids(): readonly number[] {
    this.#cut();
    return this.#kept.map(({ id }) => id);
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted((one, other) => other.score - one.score).slice(0, this.#count);
    if (this.#kept.length === this.#count) this.#floor = this.#kept.at(-1)?.score ?? this.#floor;
  }
}
