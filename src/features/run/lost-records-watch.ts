import { Failure } from '../../streams/failure.ts';
import type { Offset } from '../../streams/log/log.ts';
import type { LogAdmin } from '../../streams/log/log-admin.ts';

const LOOK_MS = 1_000;
/** A leader that has just taken over may say for a moment that it has less. */
const SURE_AFTER_MS = 10_000;

/**
 * Looks, at most once a second, whether a topic still holds records up to `ends`. The function that it returns rejects with a Failure
 * (`records_lost`) once it has not for ten seconds: then it was deleted, or made again, and whoever waits for them waits for ever.
 */
export function lostRecordsWatch(
  admin: Pick<LogAdmin, 'describeTopics'>,
  topic: string,
  ends: ReadonlyMap<number, Offset>,
  sureAfterMs = SURE_AFTER_MS,
): () => Promise<void> {
  let nextMs = 0;
  let goneSinceMs: number | undefined;
  return async () => {
    const nowMs = performance.now();
    if (nowMs < nextMs) return;
    nextMs = nowMs + LOOK_MS;
    const gone = await goneFrom(admin, topic, ends);
    if (gone === 0n) goneSinceMs = undefined;
    else goneSinceMs ??= nowMs;
    if (goneSinceMs === undefined || nowMs - goneSinceMs < sureAfterMs) return;
    const message = `The topic ${topic} was deleted or made again before its questions were read: ${gone} of its records are gone. Give the same command again: it asks what is missing, and pays for nothing that is done.`;
    throw new Failure('fatal', 'records_lost', message);
  };
}

async function goneFrom(
  admin: Pick<LogAdmin, 'describeTopics'>,
  topic: string,
  ends: ReadonlyMap<number, Offset>,
): Promise<bigint> {
  const [described] = await admin.describeTopics([topic]);
  const existing = new Map(described?.partitions.map(({ partition, end }) => [partition, end]));
  return [...ends].reduce((sum, [partition, end]) => {
    const missing = end - (existing.get(partition) ?? 0n);
    return missing > 0n ? sum + missing : sum;
  }, 0n);
}
