import kafkajs, { type Admin } from 'kafkajs';
import { Failure } from '../../../../streams/failure.ts';
import type { Offset } from '../../../../streams/log/log.ts';

const TRIES = 3;
/** https://kafka.apache.org/protocol#protocol_error_codes */
const GROUP_ID_NOT_FOUND = 69;

type GroupOffsets = Readonly<{ group: string; topic: string; offsets: ReadonlyMap<number, Offset> }>;

/**
 * Sets where a group reads on. kafkajs does it by joining the group and seeking, and resolves whether or not every
 * partition was committed: so it is read back, and repeated where one is missing. Rejects with a Failure
 * (`group_in_use`) or with kafkajs's errors.
 */
export async function setGroupOffsets(admin: Admin, wanted: GroupOffsets): Promise<void> {
  const { group, topic, offsets } = wanted;
  const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: offset.toString() }));
  if (partitions.length === 0) return;
  for (let left = TRIES; left > 0; left -= 1) {
    await checkUnused(admin, group);
    await admin.setOffsets({ groupId: group, topic, partitions });
    if (await isSet(admin, wanted)) return;
  }
  throw new Failure(
    'outage',
    'kafka_unavailable',
    `Kafka: the offsets of ${group} were set and are not there.`,
  );
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
