import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { kafkaClient } from '../../../src/infra/engines/kafka/client.ts';
import { groupOf, stageNames, topicOf, topicsOf } from '../../../src/stages/stage-names.ts';
import { until } from '../until.ts';
import type { RecordFact, TopicFact } from './facts.ts';

const READ_WITHIN_MS = 120_000;

type Ends = ReadonlyMap<string, ReadonlyMap<number, Readonly<{ low: bigint; high: bigint }>>>;

/**
 * Every topic of a namespace, read by a plain client, and what its stages have committed. Commits are read before the
 * records, so that all of it may be judged while stages are at work.
 */
export async function kafkaFacts(
  bootstrap: string,
  namespace: string,
): Promise<ReadonlyMap<string, TopicFact>> {
  const kafka = kafkaClient({ clientId: 'checker', brokers: bootstrap.split(',') });
  const admin = kafka.admin({ retry: { retries: 8 } });
  try {
    await admin.connect();
    const committed = await commitsOf(admin, namespace);
    const topics = topicsOf(namespace);
    const ends = await endsOf(admin, Object.values(topics));
    const records = await readAll(kafka, admin, ends);
    return new Map(
      ([...stageNames(), 'verdicts', 'dataset'] as const).map((name) => [
        name,
        {
          topic: topicOf(namespace, name),
          records: records.get(topicOf(namespace, name)) ?? [],
          starts: new Map(
            [...(ends.get(topicOf(namespace, name)) ?? [])].map(([partition, { low }]) => [partition, low]),
          ),
          ends: new Map(
            [...(ends.get(topicOf(namespace, name)) ?? [])].map(([partition, { high }]) => [partition, high]),
          ),
          committed: committed.get(name) ?? new Map(),
        },
      ]),
    );
  } finally {
    await admin.disconnect();
  }
}

async function commitsOf(admin: Admin, namespace: string) {
  const commits = new Map<string, ReadonlyMap<number, bigint>>();
  for (const stage of [...stageNames(), 'verdicts'] as const) {
    const found = await admin.fetchOffsets({
      groupId: groupOf(namespace, stage),
      topics: [topicOf(namespace, stage)],
    });
    const offsets = found.flatMap(({ partitions }) => partitions);
    const known = offsets.map(({ partition, offset }): [number, bigint] => [partition, BigInt(offset)]);
    commits.set(stage, new Map(known.filter(([, offset]) => offset >= 0n)));
  }
  return commits;
}

/** One topic after the other: kafkajs mixes up the answers of several questions at once after a leader has moved. */
async function endsOf(admin: Admin, topics: readonly string[]): Promise<Ends> {
  const ends = new Map<string, ReadonlyMap<number, { low: bigint; high: bigint }>>();
  for (const topic of topics) {
    const offsets = await admin.fetchTopicOffsets(topic);
    const bounds = offsets.map(
      ({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }] as const,
    );
    ends.set(topic, new Map(bounds));
  }
  return ends;
}

type ReadRecord = RecordFact & Readonly<{ key: string | undefined }>;

/** Whoever has a tombstone behind him is gone with the next compaction: he is judged as if it had been. */
function compacted(records: readonly ReadRecord[]): readonly RecordFact[] {
  const buried = new Map<string, bigint>();
  const graveOf = ({ partition, key }: ReadRecord) => `${partition}:${key}`;
  for (const record of records)
    if (record.key !== undefined && record.value === null) buried.set(graveOf(record), record.offset);
  return records.map((record) => {
    const { partition, offset, value } = record;
    return { partition, offset, value: offset < (buried.get(graveOf(record)) ?? 0n) ? null : value };
  });
}

/** All records below the ends, in the order of each partition. */
async function readAll(
  kafka: Kafka,
  admin: Admin,
  ends: Ends,
): Promise<ReadonlyMap<string, readonly RecordFact[]>> {
  const read = new Map<string, ReadRecord[]>([...ends.keys()].map((topic) => [topic, []]));
  const groupId = `checker-${randomUUID()}`;
  const next = new Map<string, bigint>();
  const consumer = kafka.consumer({ groupId, sessionTimeout: 30_000, maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...ends.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const offset = BigInt(message.offset);
        const place = `${topic}:${partition}`;
        const end = ends.get(topic)?.get(partition)?.high ?? 0n;
        // A group that is joined anew reads from the beginning again.
        if (offset < (next.get(place) ?? 0n) || offset >= end) return;
        next.set(place, offset + 1n);
        const [key, value] = [message.key?.toString(), message.value?.toString() ?? null];
        read.get(topic)?.push({ partition, offset, key, value });
      },
    });
    await until('the checker has read every topic to its end', () => isRead(ends, next), READ_WITHIN_MS);
    return new Map([...read].map(([topic, records]) => [topic, compacted(records)]));
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

function isRead(ends: Ends, next: ReadonlyMap<string, bigint>): boolean {
  return [...ends].every(([topic, partitions]) =>
    [...partitions].every(
      ([partition, { low, high }]) => high === low || (next.get(`${topic}:${partition}`) ?? 0n) >= high,
    ),
  );
}
