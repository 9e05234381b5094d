import type { Admin, Kafka } from 'kafkajs';
import { Failure } from '../../../../streams/failure.ts';
import { groupInUse, type Offset } from '../../../../streams/log/log.ts';
import type { ByPartition } from '../held-partitions.ts';
import { GroupMember } from './group-member.ts';

const TRIES = 3;
/** Nothing that comes of a fetch is wanted, and the member leaves only after it. */
const SHORTEST_FETCH_MS = 50;

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
  const tuning = { longestFetchMs: SHORTEST_FETCH_MS };
  const member = new GroupMember({ kafka, topic, group, tuning, heard: {} });
  try {
    await member.join();
    await Promise.all([...offsets].map(([partition, offset]) => member.commit(partition, offset)));
  } finally {
    await member.leave();
  }
}

async function checkUnused(admin: Admin, group: string): Promise<void> {
  const { groups } = await admin.describeGroups([group]);
  if (groups.every(({ state }) => state === 'Empty' || state === 'Dead')) return;
  throw groupInUse(group);
}

async function isSet(admin: Admin, { group, topic, offsets }: GroupOffsets): Promise<boolean> {
  const committed = await committedOf(admin, group, topic);
  return [...offsets].every(([partition, offset]) => committed.get(partition) === offset);
}

/** Where a group reads on, by partition. Rejects with kafkajs's errors. */
export async function committedOf(
  admin: Admin,
  groupId: string,
  topic: string,
): Promise<ByPartition<Offset>> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const offsets = (found?.partitions ?? []).map((each) => [each.partition, BigInt(each.offset)] as const);
  // Kafka answers -1 for a partition without a commit, and kafkajs commits -2 for "from the beginning".
  return new Map(offsets.filter(([, offset]) => offset >= 0n));
}

/** One that is not there is fine, and one with members is left alone. Rejects with kafkajs's errors. */
export async function deleteGroup(admin: Admin, group: string): Promise<'deleted' | 'in-use'> {
  const { groups } = await admin.describeGroups([group]);
  if (groups.some(({ members }) => members.length > 0)) return 'in-use';
  if (groups.some(({ state }) => state !== 'Dead')) await admin.deleteGroups([group]);
  return 'deleted';
}
