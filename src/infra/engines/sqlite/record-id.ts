const PARTITION_SHIFT = 40n;
const TOPIC_SHIFT = 50n;

/**
 * Where the records of a partition lie in the one table: topic, partition and offset share its 64-bit key, so that a
 * partition is one dense range.
 */
export function recordRange(topicId: number, partition: number): Readonly<{ from: bigint; to: bigint }> {
  const from = (BigInt(topicId) << TOPIC_SHIFT) | (BigInt(partition) << PARTITION_SHIFT);
  return { from, to: from + (1n << PARTITION_SHIFT) };
}

/** The partition of a key: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), stable for ever. */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % partitions;
}
