import type { LogRecord } from '../../../../streams/log/log.ts';

/** With fewer records waiting, more are fetched: fetching again after a pause takes up to 250 ms. */
const LOW_MARK = 100;

export type FeedOptions = Readonly<{
  /** Takes a prefix and returns its length. Never throws. */
  deliver(records: readonly LogRecord[]): number;
  /** Asks for no more, or for more again. */
  fetch(wanted: boolean): void;
}>;

/**
 * What was fetched of a partition in one assignment and not yet taken. kafkajs alone would fetch and decode a whole
 * batch again for each few records that the credits allow. Holds one fetch and `LOW_MARK` records at most.
 */
export class PartitionFeed {
  readonly #options: FeedOptions;
  #waiting: readonly LogRecord[] = [];
  #paused = false;
  #wanted = true;
  #soon: NodeJS.Immediate | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  add(records: readonly LogRecord[]): void {
    this.#waiting = [...this.#waiting, ...records];
    this.#deliver();
  }

  /** Whether more is fetched for it. */
  get wanted(): boolean {
    return this.#wanted;
  }

  pause(): void {
    this.#paused = true;
  }

  /** Never delivers synchronously: the caller may be in the middle of taking records. */
  resume(): void {
    this.#paused = false;
    if (this.#waiting.length === 0) return;
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#deliver();
    });
  }

  /** Forgets what waits: the partition was lost, or its reading starts anew. */
  end(): void {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    this.#waiting = [];
  }

  #deliver(): void {
    if (!this.#paused && this.#waiting.length > 0)
      this.#waiting = this.#waiting.slice(this.#options.deliver(this.#waiting));
    const wanted = this.#waiting.length < LOW_MARK;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#options.fetch(wanted);
  }
}
