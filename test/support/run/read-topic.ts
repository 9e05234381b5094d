import { asFailure } from '../../../src/streams/failure.ts';
import type { Consumer, Log, LogRecord, Offset } from '../../../src/streams/log/log.ts';

/**
 * Reads a topic once from where `group` stands (the beginning, for a new one) up to the given offsets, and commits
 * nothing. Resolves when all of it was seen.
 */
export async function readTopic(
  log: Log,
  { topic, group, until }: Readonly<{ topic: string; group: string; until: ReadonlyMap<number, Offset> }>,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const standing = await log.committedOffsets(group, topic);
  const left = new Map([...until].filter(([partition, end]) => end > (standing.get(partition) ?? 0n)));
  if (left.size === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const consumer: Consumer = log.consumer({
    topic,
    group,
    receiver: {
      onAssigned: () => undefined,
      onFailed: (error) => reject(asFailure(error)),
      onRecords: (partition, records) => {
        const end = left.get(partition) ?? 0n;
        for (const record of records) if (record.offset < end) onRecord(record);
        const last = records.at(-1);
        if (last !== undefined && last.offset + 1n >= end) left.delete(partition);
        if (left.size === 0) resolve();
        return records.length;
      },
    },
  });
  try {
    await consumer.start();
    await promise;
  } finally {
    await consumer.stop();
  }
}
