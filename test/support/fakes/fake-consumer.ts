import type {
  CommitOutcome,
  Consumer,
  LogRecord,
  Offset,
  Subscription,
} from '../../../src/streams/log/log.ts';

type Assigned = Readonly<{ partition: number; kept: boolean }>;

/** A consumer of records in memory, for unit tests only. Delivers by itself when `auto`, else when pumped. */
export class FakeConsumer implements Consumer {
  readonly subscription: Subscription;
  readonly paused = new Set<number>();
  readonly commits: Readonly<{ partition: number; offset: Offset }>[] = [];
  /** What a broker would keep. */
  readonly committed = new Map<number, Offset>();
  readonly journal: string[];
  /** What the next commits answer; the last one stands for all that follow. */
  outcomes: CommitOutcome[] = ['committed'];
  readonly #partitions: readonly LogRecord[][];
  readonly #auto: boolean;
  readonly #next = new Map<number, number>();
  #stopped = false;

  constructor(
    partitions: readonly LogRecord[][],
    subscription: Subscription,
    options: Readonly<{ auto: boolean; journal: string[] }>,
  ) {
    this.#partitions = partitions;
    this.subscription = subscription;
    this.#auto = options.auto;
    this.journal = options.journal;
  }

  async start(): Promise<void> {
    this.assign(this.#partitions.map((_, partition) => ({ partition, kept: false })));
  }

  /** A new epoch: partitions that are not kept are read from their committed offset. */
  assign(assigned: readonly Assigned[]): void {
    const before = new Map(this.#next);
    this.#next.clear();
    for (const { partition, kept } of assigned)
      this.#next.set(partition, kept ? (before.get(partition) ?? 0) : this.#committedIndex(partition));
    this.subscription.receiver.onAssigned(assigned);
    this.wake();
  }

  /** Reads a partition again from its committed offset, as Kafka does after a rebalance. */
  rewind(partition: number): void {
    this.#next.set(partition, this.#committedIndex(partition));
  }

  pause(partition: number): void {
    this.paused.add(partition);
  }

  resume(partition: number): void {
    this.paused.delete(partition);
    this.wake();
  }

  wake(): void {
    if (this.#auto) queueMicrotask(() => this.pump());
  }

  /** Delivers until everything is delivered or paused. */
  pump(): void {
    let moved = true;
    while (moved && !this.#stopped) {
      moved = false;
      for (const partition of this.#next.keys()) if (this.#deliver(partition)) moved = true;
    }
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    this.journal.push(`commit ${partition}:${offset}`);
    this.commits.push({ partition, offset });
    const outcome = (this.outcomes.length > 1 ? this.outcomes.shift() : this.outcomes[0]) ?? 'committed';
    if (outcome === 'committed') this.committed.set(partition, offset);
    return outcome;
  }

  async stop(): Promise<void> {
    this.journal.push('stop');
    this.#stopped = true;
  }

  #deliver(partition: number): boolean {
    const from = this.#next.get(partition) ?? 0;
    const batch = this.#partitions[partition]?.slice(from, from + 7) ?? [];
    if (this.paused.has(partition) || batch.length === 0) return false;
    const accepted = this.subscription.receiver.onRecords(partition, batch);
    this.#next.set(partition, from + accepted);
    return accepted > 0;
  }

  #committedIndex(partition: number): number {
    const committed = this.committed.get(partition) ?? 0n;
    const index = this.#partitions[partition]?.findIndex(({ offset }) => offset >= committed) ?? 0;
    return index < 0 ? (this.#partitions[partition]?.length ?? 0) : index;
  }
}
