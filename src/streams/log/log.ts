import { Failure } from '../failure.ts';

/** The next offset to read, or the offset of a record. 64 bits, as Kafka counts them. */
export type Offset = bigint;

/** A record as it lies in a topic. `value` is text or bytes, as the adapter has it at hand; `null` is a tombstone. */
export type LogRecord = Readonly<{
  topic: string;
  partition: number;
  offset: Offset;
  key: string | null;
  value: string | Uint8Array | null;
  headers: Readonly<Record<string, string>>;
  timestampMs: number;
  /** Then `value` is `null`: who looks for data finds none. */
  unreadable?: Unreadable | undefined;
}>;

/** A record of which nothing can be had: the batch it came in is damaged, or larger than is unpacked. */
export type Unreadable = Readonly<{
  code: string;
  /** What came, where it stands, and what is wrong with it. */
  message: string;
  /** Its first bytes as they came, and how many came in all. */
  head: Uint8Array;
  bytes: number;
}>;

/** A record to be appended. The key decides the partition, so records of one key keep their order. */
export type OutgoingRecord = Readonly<{
  key: string;
  value: string | Uint8Array | null;
  headers?: Readonly<Record<string, string>>;
  /** What its trace is named after, `lane/questionId`, where the record begins one. Not written to the log. */
  trace?: string;
}>;

export type TopicSpec = Readonly<{ topic: string; partitions: number }>;

/**
 * What a consumer tells its owner. All calls come from one place, in order, and none of them may throw.
 * An assignment starts a new epoch: what was delivered before it may finish, but is never committed.
 */
export type Receiver = Readonly<{
  /** These are now all our partitions. `kept` ones had the same owner before, without a gap. */
  onAssigned(partitions: readonly Readonly<{ partition: number; kept: boolean }>[]): void;
  /** Takes a prefix of `records` and returns its length; the rest comes again after `resume`. */
  onRecords(partition: number, records: readonly LogRecord[]): number;
  /** The consumer died and cannot go on by itself. */
  onFailed(error: unknown): void;
}>;

/**
 * `fenced`: the partition is no longer ours, forget it; it may never be reported as `kept` afterwards. `failed`: nothing
 * is known, a rebalance in progress included; try again at the next tick.
 */
export type CommitOutcome = 'committed' | 'fenced' | 'failed';

export interface Consumer {
  /** Resolves once the consumer has joined its group; rejects with a Failure. */
  start(): Promise<void>;
  /** Stops delivery of a partition. A delivery already on its way may still come. */
  pause(partition: number): void;
  resume(partition: number): void;
  /** Stores the next offset to read: always a contiguous watermark of settled offsets. Never throws. */
  commit(partition: number, offset: Offset): Promise<CommitOutcome>;
  /** Leaves the group. Commits made after this call are lost, so commit first. */
  stop(): Promise<void>;
}

export type Subscription = Readonly<{
  topic: string;
  group: string;
  receiver: Receiver;
  /** Whether it is all right to be given no partition: others read the topic. */
  mayBeIdle?: boolean | undefined;
}>;

/**
 * A partitioned, append-only log with consumer groups. Reading starts at the committed offset, or at the beginning
 * where there is none, never at the end. Delivery is at least once.
 */
export interface Log {
  /** Creates what is missing and leaves what exists. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Resolves once every record is acknowledged by all replicas. Safe to repeat, at the price of a duplicate. */
  publish(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  consumer(subscription: Subscription): Consumer;
  /** Per partition, the offset of the first record that is still there; the end where there is none. */
  beginningOffsets(topic: string): Promise<ReadonlyMap<number, Offset>>;
  /** Per partition, the offset after the last record. */
  endOffsets(topic: string): Promise<ReadonlyMap<number, Offset>>;
  /** Per partition, the first record that was appended at that time or later; the end where there is none. */
  offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>>;
  /** Per partition, the next offset a group will read; absent where it never committed. */
  committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, Offset>>;
  /** Makes a group read on from these offsets. Rejects with `groupInUse` where a consumer of the group is at work. */
  setOffsets(group: string, topic: string, offsets: ReadonlyMap<number, Offset>): Promise<void>;
  /** Forgets a group that nobody consumes in, with all it committed. One that is not there is fine. */
  deleteGroup(group: string): Promise<void>;
  close(): Promise<void>;
}

/** The Failure of `setOffsets` and `deleteGroup` where a consumer of the group is at work. */
export function groupInUse(group: string): Failure {
  return new Failure('fatal', 'group_in_use', `The group ${group} is at work: its offsets stay as they are.`);
}
