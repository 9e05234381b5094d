import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { Failure } from '../../../../streams/failure.ts';
import type { Offset } from '../../../../streams/log/log.ts';

const TRIES = 3;
/** Nothing that comes of a fetch is wanted, and the member leaves only after it. */
const SHORTEST_FETCH_MS = 50;
/** https://kafka.apache.org/protocol#protocol_error_codes */
const GROUP_ID_NOT_FOUND = 69;

type GroupOffsets = Readonly<{ group: string; topic: string; offsets: ReadonlyMap<number, Offset> }>;

/**
 * Sets where a group reads on: as its one member, which commits and leaves. What was committed is read back, and repeated where a
 * partition is missing. Rejects with a Failure (`group_in_use`) or with kafkajs's errors.
 */
export async function setGroupOffsets(kafka: Kafka, admin: Admin, wanted: GroupOffsets): Promise<void> {
  if (wanted.offsets.size === 0) return;
  for (let left = TRIES; left > 0; left -= 1) {
    await checkUnused(admin, wanted.group);
    await commitAlone(kafka, wanted);
    if (await isSet(admin, wanted)) return;
  }
  const message = `Kafka: the offsets of ${wanted.group} were set and are not there.`;
  throw new Failure('outage', 'kafka_unavailable', message);
}

/** `setOffsets` of kafkajs's admin does the same, and takes 5 s: it waits for a fetch of nothing to end. */
async function commitAlone(kafka: Kafka, { group, topic, offsets }: GroupOffsets): Promise<void> {
  const consumer = kafka.consumer({
    ...{ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: SHORTEST_FETCH_MS },
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500, restartOnFailure: async () => false },
  });
  const joined = Promise.withResolvers<void>();
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
  consumer.on(consumer.events.CRASH, ({ payload }) => joined.reject(payload.error));
  joined.promise.catch(() => undefined);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const eachBatch = async () => undefined;
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
    await joined.promise;
    await consumer.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic, partition, offset: offset.toString() })),
    );
  } finally {
    await consumer.disconnect();
  }
}

async function checkUnused(admin: Admin, group: string): Promise<void> {
  const { groups } = await admin.describeGroups([group]);
  if (groups.every(({ state }) => state === 'Empty' || state === 'Dead')) return;
  throw new Failure('fatal', 'group_in_use', `The group ${group} is at work: its offsets cannot be set.`);
}

async function isSet(admin: Admin, { group, topic, offsets }: GroupOffsets): Promise<boolean> {
  const found = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const committed = new Map(
    found.flatMap(({ partitions }) => partitions).map(({ partition, offset }) => [partition, BigInt(offset)]),
  );
  return [...offsets].every(([partition, offset]) => committed.get(partition) === offset);
}

/** One that is not there is fine. */
export async function deleteGroup(admin: Admin, group: string): Promise<void> {
  try {
    await admin.deleteGroups([group]);
  } catch (error) {
    const missing =
      error instanceof kafkajs.KafkaJSDeleteGroupsError &&
      error.groups?.every(({ errorCode }) => errorCode === GROUP_ID_NOT_FOUND) === true;
    if (!missing) throw error;
  }
}
