import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { CommitOutcome, Consumer, LogRecord, Offset, Subscription } from '../../../streams/log/log.ts';
import { unpackText } from '../stored/packed-text.ts';
import type { Database } from './database.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { RecentTexts } from './recent-texts.ts';
import { recordRange } from './record-id.ts';

const READ_AHEAD = 64;

/** `fetched` was read and not yet accepted, so that a slow stage does not read it twice. */
type Partition = { next: bigint; paused: boolean; fetched: LogRecord[] };

export type ConsumedTopic = Readonly<{
  id: number;
  partitions: number;
  recent: RecentTexts;
  groups: GroupOffsets;
}>;

/** A consumer on the records of one topic: it owns every partition, from start to stop. */
export class EmbeddedConsumer implements Consumer {
  readonly topic: string;
  readonly group: string;
  readonly #db: Database;
  readonly #topicId: number;
  readonly #recent: RecentTexts;
  readonly #subscription: Subscription;
  readonly #onStopped: () => void;
  readonly #read: StatementSync;
  readonly #groups: GroupOffsets;
  readonly #partitions = new Map<number, Partition>();
  #state: 'new' | 'idle' | 'scheduled' | 'stopped' = 'new';

  constructor(
    db: Database,
    { id, partitions, recent, groups }: ConsumedTopic,
    subscription: Subscription,
    onStopped: () => void,
  ) {
    this.topic = subscription.topic;
    this.group = subscription.group;
    this.#db = db;
    this.#topicId = id;
    this.#recent = recent;
    this.#groups = groups;
    this.#subscription = subscription;
    this.#onStopped = onStopped;
    this.#read = db.prepare(
      'SELECT id, key, value, packed, headers, timestamp_ms FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    );
    this.#read.setReadBigInts(true);
    for (let number = 0; number < partitions; number += 1)
      this.#partitions.set(number, { next: 0n, paused: false, fetched: [] });
  }

  async start(): Promise<void> {
    const { group, topic, receiver } = this.#subscription;
    for (const [number, next] of this.#groups.of(group, topic)) {
      const partition = this.#partitions.get(number);
      if (partition !== undefined) partition.next = next;
    }
    this.#state = 'idle';
    receiver.onAssigned([...this.#partitions.keys()].map((partition) => ({ partition, kept: false })));
    this.wake();
  }

  pause(number: number): void {
    const partition = this.#partitions.get(number);
    if (partition !== undefined) partition.paused = true;
  }

  resume(number: number): void {
    const partition = this.#partitions.get(number);
    if (partition === undefined) return;
    partition.paused = false;
    this.wake();
  }

  /** Delivers what there is, soon. */
  wake(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'scheduled';
    setImmediate(() => this.#deliver());
  }

  async commit(partition: number, offset: Offset): Promise<CommitOutcome> {
    if (this.#state === 'stopped') return 'fenced';
    const { group, topic } = this.#subscription;
    const write = this.#db.write(() => this.#groups.put(group, topic, partition, offset));
    return write.then(
      () => 'committed',
      () => 'failed',
    );
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#onStopped();
  }

  #deliver(): void {
    if (this.#state !== 'scheduled') return;
    this.#state = 'idle';
    try {
      for (const [number, partition] of this.#partitions) this.#deliverPartition(number, partition);
    } catch (error) {
      this.#subscription.receiver.onFailed(error);
    }
  }

  #deliverPartition(number: number, partition: Partition): void {
    if (partition.paused) return;
    if (partition.fetched.length === 0) partition.fetched = this.#fetch(number, partition.next);
    if (partition.fetched.length === 0) return;
    const accepted = this.#subscription.receiver.onRecords(number, partition.fetched);
    const last = partition.fetched[accepted - 1];
    if (last !== undefined) partition.next = last.offset + 1n;
    partition.fetched = partition.fetched.slice(accepted);
    if (accepted > 0 && !partition.paused) this.wake();
  }

  #fetch(number: number, next: bigint): LogRecord[] {
    const { from, to } = recordRange(this.#topicId, number);
    const rows = this.#read.all(from + next, to, READ_AHEAD);
    return rows.map(({ id: rowid, key, value, packed, headers, timestamp_ms }) => {
      const id = typeof rowid === 'bigint' ? rowid : 0n;
      return {
        topic: this.topic,
        partition: number,
        offset: id - from,
        key: typeof key === 'string' ? key : null,
        value:
          packed instanceof Uint8Array
            ? (this.#recent.take(id, packed) ?? unpackedOrRaw(packed))
            : textOrBytes(value),
        headers: typeof headers === 'string' ? JSON.parse(headers) : {},
        timestampMs: Number(timestamp_ms),
      };
    });
  }
}

function textOrBytes(value: SQLOutputValue | undefined): string | Uint8Array | null {
  return typeof value === 'string' || value instanceof Uint8Array ? value : null;
}

/** Bytes that cannot be unpacked go on as they are: they become a dead letter, and the records behind them are read. */
function unpackedOrRaw(packed: Uint8Array): string | Uint8Array {
  try {
    return unpackText(packed);
  } catch {
    return packed;
  }
}
