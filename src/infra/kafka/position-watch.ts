import type { Offset } from '../../streams/log.ts';

export type PositionWatchOptions = Readonly<{
  /** Where the group stands, per partition, as the broker says it. */
  committed(): Promise<ReadonlyMap<number, Offset>>;
  onJump(partition: number, committed: Offset, first: Offset): void;
}>;

/**
 * Compares where reading starts in an assignment with where the group stood. Kafka has no mode without a reset: a
 * committed offset that the topic does not hold any more makes the client jump, in silence.
 */
export class PositionWatch {
  readonly #options: PositionWatchOptions;
  #committed: Promise<ReadonlyMap<number, Offset>> = Promise.resolve(new Map());
  #seen = new Set<number>();

  constructor(options: PositionWatchOptions) {
    this.#options = options;
  }

  onAssigned(): void {
    this.#seen = new Set();
    // Without an answer there is nothing to compare: the broker has other troubles then.
    this.#committed = this.#options.committed().catch(() => new Map());
  }

  /** Only the first batch of a partition in an assignment is looked at. */
  onBatch(partition: number, first: Offset): void {
    if (this.#seen.has(partition)) return;
    this.#seen.add(partition);
    void this.#committed.then((committed) => {
      const stood = committed.get(partition);
      if (stood !== undefined && first > stood) this.#options.onJump(partition, stood, first);
    });
  }
}
