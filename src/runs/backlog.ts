import { groupOf, STAGE_NAMES, topicsOf } from '../stages/stage-names.ts';
import type { Log } from '../streams/log.ts';

/** Records that wait to be worked, all stages together. */
export async function backlogOf(
  log: Pick<Log, 'endOffsets' | 'committedOffsets'>,
  namespace: string,
): Promise<bigint> {
  const topics = topicsOf(namespace);
  const waiting = STAGE_NAMES.map(async (stage) => {
    const ends = await log.endOffsets(topics[stage]);
    const committed = await log.committedOffsets(groupOf(namespace, stage), topics[stage]);
    return [...ends].reduce((sum, [partition, end]) => sum + end - (committed.get(partition) ?? 0n), 0n);
  });
  return (await Promise.all(waiting)).reduce((sum, each) => sum + each, 0n);
}

/** Repeats a look at most every `everyMs`, however many ask. */
export function cached<T>(look: () => Promise<T>, everyMs: number): () => Promise<T> {
  let last: Readonly<{ atMs: number; found: Promise<T> }> | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.atMs > everyMs) {
      const found = look();
      last = { atMs: nowMs, found };
      found.catch(() => {
        last = undefined;
      });
    }
    return last.found;
  };
}
