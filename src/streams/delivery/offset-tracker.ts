import type { Offset } from '../log/log.ts';

/**
 * Out-of-order settling, in-order committing, for one partition in one epoch (the idea of Confluent's Parallel
 * Consumer). Offsets are delivered in rising order and settled in any; `watermark` is the offset below which everything
 * is settled, and the only value that may ever be committed. Offsets that a topic skips (compaction) need no care,
 * since only delivered ones are tracked.
 */
export class OffsetTracker {
  #order: Offset[] = [];
  #head = 0;
  readonly #settled = new Set<Offset>();
  readonly #known = new Set<Offset>();
  #highest: Offset;
  #watermark: Offset;
  #committed: Offset;

  /** @param base the first offset that this epoch reads, as the broker says it. */
  constructor(base: Offset) {
    this.#highest = base - 1n;
    this.#watermark = base;
    this.#committed = base;
  }

  /** True if the record is new to this epoch, false if its first copy is still tracked or already settled. */
  deliver(offset: Offset): boolean {
    if (offset <= this.#highest) return false;
    this.#known.add(offset);
    this.#order.push(offset);
    this.#highest = offset;
    return true;
  }

  /** Marks a delivered offset as done with. Repeating it, or naming an unknown one, changes nothing. */
  settle(offset: Offset): void {
    if (!this.#known.has(offset)) return;
    this.#settled.add(offset);
    this.#advance();
  }

  #advance(): void {
    for (let next = this.#order[this.#head]; next !== undefined; next = this.#order[this.#head]) {
      if (!this.#settled.delete(next)) break;
      this.#known.delete(next);
      this.#head += 1;
      this.#watermark = next + 1n;
    }
    if (this.#head > 1024) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Whether the offset was delivered and is not settled yet. */
  isUnsettled(offset: Offset): boolean {
    return this.#known.has(offset) && !this.#settled.has(offset);
  }

  /** Delivered and not yet settled. */
  get unsettled(): number {
    return this.#known.size - this.#settled.size;
  }

  /** From the watermark to the highest delivered offset: what a crash would deliver again. */
  get gap(): number {
    return Number(this.#highest + 1n - this.#watermark);
  }

  get watermark(): Offset {
    return this.#watermark;
  }

  /** The value to commit, or `undefined` while nothing new was settled. */
  get uncommitted(): Offset | undefined {
    return this.#watermark > this.#committed ? this.#watermark : undefined;
  }

  onCommitted(offset: Offset): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}
