import type { Admin } from 'kafkajs';
import type { Offset } from '../../../streams/log/log.ts';
import type { HeldPartition } from './consumer/stall-watch.ts';

export type ByPartition<T> = ReadonlyMap<number, T>;

/** What a topic holds, by partition. Rejects with kafkajs's errors. */
export async function heldOf(admin: Admin, topic: string): Promise<ByPartition<HeldPartition>> {
  const bounds = await admin.fetchTopicOffsets(topic);
  return new Map(
    bounds.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
  );
}

export function offsetsOf(held: ByPartition<HeldPartition>, bound: keyof HeldPartition): ByPartition<Offset> {
  return new Map([...held].map(([partition, each]) => [partition, each[bound]]));
}

/** By partition, the first record of that time or later, or the end where nothing is that young. Rejects with kafkajs's errors. */
export async function offsetsAt(
  admin: Admin,
  topic: string,
  timestampMs: number,
): Promise<ByPartition<Offset>> {
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, timestampMs);
  return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
}
