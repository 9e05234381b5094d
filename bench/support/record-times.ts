import { Kafka, logLevel } from 'kafkajs';
import type { Site } from './servers.ts';

/**
 * When each of the first `count` records of a topic was written, in milliseconds and by its key, in the order of time. Of several
 * with one key the first counts.
 */
export async function recordTimes(
  { kafka, namespace }: Site,
  topic: string,
  count: number,
): Promise<ReadonlyMap<string, number>> {
  const client = new Kafka({ brokers: [kafka], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `${namespace}-times-${topic}`, maxWaitTimeInMs: 100 });
  const times = new Map<string, number>();
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic: `${namespace}.${topic}`, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, timestamp } }) => {
      const name = key?.toString() ?? '';
      times.set(name, Math.min(Number(timestamp), times.get(name) ?? Number.POSITIVE_INFINITY));
      if (times.size === count) all.resolve();
    },
  });
  await all.promise;
  await consumer.disconnect();
  return new Map([...times].toSorted(([, one], [, other]) => one - other));
}
