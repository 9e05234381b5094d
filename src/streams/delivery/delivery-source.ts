import { Observable, type Subscriber } from 'rxjs';
import { asFailure } from '../failure.ts';
import type { Consumer, Log, LogRecord, Receiver } from '../log/log.ts';
import { CreditGate, type Load } from './credit-gate.ts';
import type { Delivery } from './delivery.ts';
import { OffsetTracker } from './offset-tracker.ts';

export type DeliverySourceOptions = Readonly<{
  topic: string;
  group: string;
  /** The most records that may be delivered and not settled at any time, over all partitions. */
  credits: number;
  /** How long settled offsets may wait for their commit. Default 500 ms. */
  commitIntervalMs?: number;
  /** Whether having no partition is expected. Default: it raises an alarm. */
  mayBeIdle?: boolean;
  /** The most records that may be delivered again after a crash, per partition. Each costs one read. Default 10,000. */
  maxGap?: number;
}>;

type Partition = { tracker: OffsetTracker | undefined };

/**
 * A topic as an Observable of deliveries, with back-pressure by credit: at most `credits` records are unsettled, so the
 * operator behind it (a `mergeMap`) cannot queue without bound. The offset below which everything is settled is committed
 * in the background. Unsubscribing stops at once; to stop gently, call `pauseIntake`, wait until all is settled, and `close`.
 */
export class DeliverySource {
  readonly #consumer: Consumer;
  readonly #partitions = new Map<number, Partition>();
  readonly #gate: CreditGate;
  readonly #commitIntervalMs: number;
  #subscriber: Subscriber<Delivery> | undefined;
  #commitTimer: NodeJS.Timeout | undefined;
  #closing = false;
  #commits: Promise<void> = Promise.resolve();

  constructor(log: Pick<Log, 'consumer'>, options: DeliverySourceOptions) {
    this.#commitIntervalMs = options.commitIntervalMs ?? 500;
    const receiver: Receiver = {
      onAssigned: (partitions) => this.#onAssigned(partitions),
      onRecords: (partition, records) => this.#onRecords(partition, records),
      onFailed: (error) => this.#subscriber?.error(asFailure(error)),
    };
    const { topic, group, mayBeIdle } = options;
    this.#consumer = log.consumer({ topic, group, receiver, mayBeIdle });
    this.#gate = new CreditGate(options.credits, options.maxGap ?? 10_000, this.#consumer);
  }

  /** Cold: subscribing starts the consumer. One subscriber. Errors with a Failure when the consumer died. */
  readonly deliveries = new Observable<Delivery>((subscriber) => {
    this.#subscriber = subscriber;
    this.#consumer.start().catch((error: unknown) => subscriber.error(asFailure(error)));
    return () => {
      this.#subscriber = undefined;
    };
  });

  /** How many records are delivered and not settled, over all partitions of the current epoch. */
  get unsettled(): number {
    let sum = 0;
    for (const { tracker } of this.#partitions.values()) sum += tracker?.unsettled ?? 0;
    return sum;
  }

  /** Whether the record is delivered and not settled, in the current epoch of a partition that is ours. */
  isOut({ partition, offset }: LogRecord): boolean {
    return this.#partitions.get(partition)?.tracker?.isUnsettled(offset) === true;
  }

  /** Partitions that are ours now. */
  get partitions(): number {
    return this.#partitions.size;
  }

  /** Pauses intake; records in hand go on. */
  holdIntake(held: boolean): void {
    this.#gate.hold(held);
  }

  /** Ends intake; records in hand may still be settled. */
  pauseIntake(): void {
    this.#gate.shut();
  }

  /** Commits what is settled, then leaves the group. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#gate.shut();
    clearTimeout(this.#commitTimer);
    await this.#commits;
    await this.#commitAll();
    await this.#consumer.stop();
  }

  #onAssigned(assigned: readonly Readonly<{ partition: number; kept: boolean }>[]): void {
    const before = new Map(this.#partitions);
    this.#partitions.clear();
    for (const { partition, kept } of assigned) {
      const known = kept ? before.get(partition) : undefined;
      this.#partitions.set(partition, known ?? { tracker: undefined });
    }
    this.#gate.onAssigned(new Map(assigned.map(({ partition }) => [partition, this.#loadOf(partition)])));
  }

  #onRecords(number: number, records: readonly LogRecord[]): number {
    const partition = this.#partitions.get(number);
    const first = records[0];
    if (partition === undefined || first === undefined || this.#subscriber === undefined) return 0;
    partition.tracker ??= new OffsetTracker(first.offset);
    let accepted = 0;
    for (const record of records) {
      if (!this.#gate.admits(number)) break;
      accepted += 1;
      this.#deliver(partition.tracker, record);
    }
    return accepted;
  }

  #deliver(tracker: OffsetTracker, record: LogRecord): void {
    if (!tracker.deliver(record.offset)) return;
    this.#gate.onLoad(record.partition, tracker);
    this.#subscriber?.next({ record, settle: () => this.#settle(tracker, record) });
  }

  #settle(tracker: OffsetTracker, record: LogRecord): void {
    // The tracker is the epoch: work of a lost partition may finish, but is never committed.
    if (this.#partitions.get(record.partition)?.tracker !== tracker) return;
    tracker.settle(record.offset);
    this.#gate.onLoad(record.partition, tracker);
    this.#gate.resumeLow();
    this.#commitSoon();
  }

  #commitSoon(): void {
    if (this.#closing) return;
    this.#commitTimer ??= setTimeout(() => {
      this.#commitTimer = undefined;
      this.#commits = this.#commits.then(() => this.#commitAll());
    }, this.#commitIntervalMs);
  }

  async #commitAll(): Promise<void> {
    await Promise.all([...this.#partitions].map(([number, partition]) => this.#commit(number, partition)));
  }

  async #commit(number: number, { tracker }: Partition): Promise<void> {
    const offset = tracker?.uncommitted;
    if (tracker === undefined || offset === undefined) return;
    const outcome = await this.#consumer.commit(number, offset);
    if (outcome === 'committed') tracker.onCommitted(offset);
    if (outcome === 'failed') this.#commitSoon();
    if (outcome === 'fenced' && this.#partitions.get(number)?.tracker === tracker) {
      this.#partitions.delete(number);
      this.#gate.forget(number);
    }
  }

  #loadOf(partition: number): Load {
    return this.#partitions.get(partition)?.tracker ?? { unsettled: 0, gap: 0 };
  }
}
