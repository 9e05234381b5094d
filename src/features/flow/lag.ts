import { isOurs } from '../../stages/rows.ts';
import { groupOf, stageNames, topicOf, type WorkedName, workedNames } from '../../stages/stage-names.ts';
import { Failure } from '../../streams/failure.ts';
import { inTime } from '../../streams/in-time.ts';
import type { Log, Offset } from '../../streams/log/log.ts';

/** Records of each stage, and of what people decided, that are not settled yet, over all workers. */
export type Lags = ReadonlyMap<WorkedName, number>;
export type LagLog = Pick<Log, 'endOffsets' | 'committedOffsets' | 'beginningOffsets'>;

/**
 * Rejects with a Failure while the log is away, and where a stage has no topic.
 * @param more stages that a lane has and this process does not.
 */
export async function readLags(
  log: LagLog,
  namespace: string,
  more: readonly WorkedName[] = [],
): Promise<Lags> {
  const readers = [...new Set([...workedNames(), ...more])];
  const lags = readers.map(async (reader): Promise<[WorkedName, number]> => {
    const lag = lagOf(log, topicOf(namespace, reader), groupOf(namespace, reader));
    // Data from before there were verdicts, or a stage of a plugin, know no such topic until a worker comes.
    return [reader, await (isOurs(reader) ? lag : lag.catch(zeroIfUnknown))];
  });
  return new Map(await Promise.all(lags));
}

/** Records that wait to be worked, all stages together. */
export async function backlogOf(log: LagLog, namespace: string): Promise<number> {
  const lags = await readLags(log, namespace);
  return stageNames().reduce((sum, stage) => sum + (lags.get(stage) ?? 0), 0);
}

/** Records of a topic that a group has not settled. Rejects as `readLags`. */
export async function lagOf(log: LagLog, topic: string, group: string): Promise<number> {
  // First: whoever works on meanwhile does not come past the end that is read then.
  const committed = await log.committedOffsets(group, topic);
  const [begins, ends] = await Promise.all([log.beginningOffsets(topic), log.endOffsets(topic)]);
  const settled = settledOf(committed, begins);
  const waiting = [...ends].map(([partition, end]) => {
    const next = settled.get(partition) ?? 0n;
    // Of a topic that was made again: its group reads it from the beginning.
    return next > end ? end - (begins.get(partition) ?? 0n) : end - next;
  });
  return Number(waiting.reduce((sum, each) => sum + each, 0n));
}

/** Per partition, the first record that a group has not settled. What was deleted needs no settling. */
export async function settledTo(
  log: Pick<LagLog, 'committedOffsets' | 'beginningOffsets'>,
  topic: string,
  group: string,
): Promise<ReadonlyMap<number, Offset>> {
  const committed = await log.committedOffsets(group, topic);
  return settledOf(committed, await log.beginningOffsets(topic));
}

type Offsets = ReadonlyMap<number, Offset>;

function settledOf(committed: Offsets, begins: Offsets): Offsets {
  const partitions = new Set([...begins.keys(), ...committed.keys()]);
  return new Map(
    [...partitions].map((partition) => {
      const [begin, next] = [begins.get(partition) ?? 0n, committed.get(partition) ?? 0n];
      return [partition, next < begin ? begin : next];
    }),
  );
}

/** Records that were deleted before the group of their stage had read them, retention of Kafka for one. */
export type Cut = Readonly<{ topic: string; records: number }>;

/**
 * What of a namespace's topics was deleted unread, as far as it can be seen: until a consumer has gone on past it. A partition of which
 * the group never committed anything counts where it has commits of others; of questions also where it has none and `isEmpty` says that
 * the store knows of no question, so that it was never read. Rejects with a Failure while the log is away.
 */
export async function unreadCuts(
  log: LagLog,
  namespace: string,
  isEmpty: () => Promise<boolean>,
): Promise<readonly Cut[]> {
  const cuts = workedNames().map(async (reader): Promise<readonly Cut[]> => {
    const topic = topicOf(namespace, reader);
    const committed = await log.committedOffsets(groupOf(namespace, reader), topic);
    const unread = committed.size === 0;
    if (unread && reader !== 'questions') return [];
    const begins = await log.beginningOffsets(topic);
    if (unread && ([...begins.values()].every((begin) => begin === 0n) || !(await isEmpty()))) return [];
    const lost = [...begins].reduce((sum, [partition, begin]) => {
      const next = committed.get(partition) ?? 0n;
      return next < begin ? sum + begin - next : sum;
    }, 0n);
    return lost === 0n ? [] : [{ topic, records: Number(lost) }];
  });
  return (await Promise.all(cuts.map((each) => each.catch(noneIfUnknown)))).flat();
}

function noneIfUnknown(error: unknown): readonly Cut[] {
  zeroIfUnknown(error);
  return [];
}

/** For a lag: a topic that nobody made has no records. */
export function zeroIfUnknown(error: unknown): number {
  if (error instanceof Failure && error.code === 'unknown_topic') return 0;
  throw error;
}

/** A reading that nobody renewed for so many turns tells nothing of now. */
const STALE_FACTOR = 3;

/** How long the first to ask waits. */
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
    if (first && reading !== undefined) await inTime(reading, PATIENCE_MS, () => undefined);
    first = false;
    return known !== undefined && nowMs - known.atMs <= STALE_FACTOR * everyMs ? known.lags : undefined;
  };
}
