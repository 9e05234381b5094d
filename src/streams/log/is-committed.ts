import type { Log, Offset } from './log.ts';

export type CommittedUntil = Readonly<{ group: string; topic: string; until: ReadonlyMap<number, Offset> }>;

/** Whether the group has committed everything before the given offsets. */
export async function isCommitted(
  log: Pick<Log, 'committedOffsets'>,
  { group, topic, until }: CommittedUntil,
): Promise<boolean> {
  const committed = await log.committedOffsets(group, topic);
  return [...until].every(([partition, end]) => end === 0n || (committed.get(partition) ?? 0n) >= end);
}
