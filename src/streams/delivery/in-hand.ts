import type { LogRecord } from '../log/log.ts';

/** A record in hand that has to move by itself, and since when it does so, in milliseconds of the monotonic clock. */
export type Moving = Readonly<{ record: LogRecord; sinceMs: number }>;

/**
 * The records a stage has in hand, and which of them should move. A record `moves` while it is read, claimed, stored or
 * published: each of that takes moments. It `waits` while something holds it that may take long and is watched by
 * others: another's claim, leave to call, the call itself, a backoff. Each step costs the same however many are in hand.
 */
export class InHand {
  // Insertion order is the order of the last step: the first has not moved for the longest time.
  readonly #moving = new Map<LogRecord, number>();

  /** It has begun a step, its first or another one. */
  moves(record: LogRecord): void {
    this.#moving.delete(record);
    this.#moving.set(record, performance.now());
  }

  /** It need not move until the next step. */
  waits(record: LogRecord): void {
    this.#moving.delete(record);
  }

  /** In hand no longer. */
  ends(record: LogRecord): void {
    this.#moving.delete(record);
  }

  /** A step of a record that waits otherwise. */
  async step<T>(record: LogRecord, act: () => Promise<T>): Promise<T> {
    this.moves(record);
    try {
      return await act();
    } finally {
      this.waits(record);
    }
  }

  /** The one that should move and has not for the longest time. */
  get oldest(): Moving | undefined {
    const [first] = this.#moving;
    return first === undefined ? undefined : { record: first[0], sinceMs: first[1] };
  }
}
