import type { Offset } from '../../../../streams/log/log.ts';

export type PositionWatchOptions = Readonly<{
  /** Where the group stands, per partition, as the broker says it. */
  committed(): Promise<ReadonlyMap<number, Offset>>;
  /** Per partition, the first record that is still there. */
  begins(): Promise<ReadonlyMap<number, Offset>>;
  onJump(partition: number, committed: Offset, first: Offset): void;
}>;

/**
 * Compares where reading starts in an assignment with where the group stood, and each batch with the one before. Kafka has no mode
 * without a reset: an offset that the topic does not hold any more makes the client jump, in silence.
 */
export class PositionWatch {
  readonly #options: PositionWatchOptions;
  #committed: Promise<ReadonlyMap<number, Offset>> = Promise.resolve(new Map());
  /** Per partition that was read in this assignment, the offset after what was read last. */
  readonly #next = new Map<number, Offset>();

  constructor(options: PositionWatchOptions) {
    this.#options = options;
  }

  onAssigned(): void {
    this.#next.clear();
    // Without an answer there is nothing to compare: the broker has other troubles then.
    this.#committed = this.#options.committed().catch(() => new Map());
  }

  /** @param next the offset after the batch. */
  onBatch(partition: number, first: Offset, next: Offset): void {
    const before = this.#next.get(partition);
    this.#next.set(partition, next);
    if (before === undefined) void this.#compareWithCommit(partition, first);
    else if (first > before) void this.#lookIntoGap(partition, before, first);
  }

  async #compareWithCommit(partition: number, first: Offset): Promise<void> {
    const stood = (await this.#committed).get(partition);
    if (stood !== undefined && first > stood) this.#options.onJump(partition, stood, first);
  }

  /** Transactions and compaction leave gaps too; only what lies before the beginning was deleted. */
  async #lookIntoGap(partition: number, before: Offset, first: Offset): Promise<void> {
    const begins = await this.#options.begins().catch(() => new Map<number, Offset>());
    if ((begins.get(partition) ?? 0n) > before) this.#options.onJump(partition, before, first);
  }
}
