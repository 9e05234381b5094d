import type { Offset } from './log.ts';

export type PartitionDescription = Readonly<{
  partition: number;
  /** Of the first record that is still there. */
  begin: Offset;
  /** After the last record. */
  end: Offset;
  /** The broker that takes writes; `null` where there is none now. */
  leader: number | null;
  replicas: readonly number[];
  /** Replicas that have every record. */
  inSync: readonly number[];
}>;

export type TopicDescription = Readonly<{
  topic: string;
  partitions: readonly PartitionDescription[];
  /** As set on the broker, `retention.ms` and the like; empty where the log has no such settings. */
  config: ReadonlyMap<string, string>;
}>;

/** A consumer group. `members` is unknown (`undefined`) where the log does not keep them. */
export type LogGroup = Readonly<{ group: string; members: number | undefined }>;

/**
 * What operators do to a log: look at it, and take old records out. Rejects with Failures only. Everything is safe to
 * repeat and may be done beside those who publish and consume.
 */
export interface LogAdmin {
  /** Those of the topics that are there, in the order asked. */
  describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]>;
  /** Per partition, the offset of the first record stamped at that time or later; its end where there is none. */
  offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, Offset>>;
  /** Every group that has ever committed, other people's included. */
  groups(): Promise<readonly LogGroup[]>;
  /** Forgets the commits of a group. `in-use`: it has members, and was left alone. */
  deleteGroup(group: string): Promise<'deleted' | 'in-use'>;
  /**
   * Deletes the records of each partition before the given offset, but never the last one of a partition: who reads up
   * to an end learns from it that the end is reached.
   */
  deleteRecords(topic: string, before: ReadonlyMap<number, Offset>): Promise<void>;
  /**
   * Makes the values of every record with one of these keys go: at once where the log can do that (`erased`), else by a
   * tombstone, a record without a value, which says so to every reader (`tombstones`). Offsets stay what they were.
   */
  forgetKeys(topics: readonly string[], keys: readonly string[]): Promise<'erased' | 'tombstones'>;
}
