import { groupOf, STAGE_NAMES, type StageName, topicsOf } from '../stages/stage-names.ts';
import type { Log } from '../streams/log.ts';

/** Records of each stage that are not settled yet, over all its workers. */
export type Lags = ReadonlyMap<StageName, number>;
type LagLog = Pick<Log, 'endOffsets' | 'committedOffsets' | 'beginningOffsets'>;

/** Rejects with a Failure while the log is away. */
export async function readLags(log: LagLog, namespace: string): Promise<Lags> {
  const topics = topicsOf(namespace);
  const lags = STAGE_NAMES.map(async (stage): Promise<[StageName, number]> => {
    const ends = await log.endOffsets(topics[stage]);
    const committed = await log.committedOffsets(groupOf(namespace, stage), topics[stage]);
    // What was deleted is no lag.
    const begins = await log.beginningOffsets(topics[stage]);
    const readTo = (partition: number) => committed.get(partition) ?? begins.get(partition) ?? 0n;
    return [stage, Number([...ends].reduce((sum, [partition, end]) => sum + end - readTo(partition), 0n))];
  });
  return new Map(await Promise.all(lags));
}

/** A reading that nobody renewed for so many turns tells nothing of now. */
const STALE_FACTOR = 3;

/** The first to ask waits so long for what he asks. */
const PATIENCE_MS = 1_000;

/**
 * The lags as they were read last, again every `everyMs` while somebody asks; `undefined` while the log is away. But for the
 * very first reading asking does not wait: a picture of the stream is not late because Kafka is.
 */
export function latestLags(log: LagLog, namespace: string, everyMs: number): () => Promise<Lags | undefined> {
  let known: Readonly<{ atMs: number; lags: Lags }> | undefined;
  let askedMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let first = true;
  const read = async () => {
    try {
      const lags = await readLags(log, namespace);
      known = { atMs: performance.now(), lags };
    } catch {
      known = undefined;
    } finally {
      reading = undefined;
    }
  };
  return async () => {
    const nowMs = performance.now();
    if (reading === undefined && nowMs - askedMs >= everyMs) {
      askedMs = nowMs;
      reading = read();
    }
    if (first) await Promise.race([reading, soon()]);
    first = false;
    return known !== undefined && nowMs - known.atMs <= STALE_FACTOR * everyMs ? known.lags : undefined;
  };
}

function soon(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS).unref();
  });
}
