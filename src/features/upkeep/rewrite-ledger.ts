import { randomUUID } from 'node:crypto';
import type { Engine } from '../../infra/engines/engine.ts';
import { movedRecord } from '../../stages/dataset/ledger.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { LogRecord, Offset } from '../../streams/log/log.ts';
import { readRange } from '../../streams/log/read-range.ts';
import type { QuestionId } from '../../streams/work/work.ts';

type Port = Pick<Engine, 'log' | 'admin' | 'store'>;

/** So many records are looked up at once. */
const BATCH = 500;

/** The part of a ledger that still holds examples of forgotten questions. */
export type StaleLedger = Readonly<{
  topic: string;
  /** Records of forgotten questions. */
  count: number;
  /** Per partition that holds some, the offset after the last of them. */
  cuts: ReadonlyMap<number, Offset>;
  /** The last record of each such partition: where it is a forgotten one, another has to follow before it can go. */
  last: readonly string[];
  /** Groups of other programs that have not read so far: what they have not seen is not taken from them. */
  heldBy: readonly string[];
}>;

/** Looks for values of forgotten questions on the ledger; `undefined` where there are none. Reads all of it once anything was ever forgotten. */
export async function staleLedger(
  { log, admin, store }: Port,
  namespace: string,
): Promise<StaleLedger | undefined> {
  if (!(await store.forgotten.any())) return undefined;
  const topic = topicsOf(namespace).dataset;
  const [described] = await admin.describeTopics([topic]);
  if (described === undefined) return undefined;
  const from = new Map(described.partitions.map(({ partition, begin }) => [partition, begin]));
  const until = new Map(described.partitions.map(({ partition, end }) => [partition, end]));
  const cuts = new Map<number, Offset>();
  const last = new Map<number, string>();
  let count = 0;
  let batch: Seen[] = [];
  const look = async () => {
    const seen = batch;
    batch = [];
    const marked = await store.forgotten.among([...new Set(seen.map(({ key }) => key))]);
    for (const { key, partition, offset } of seen.filter((each) => marked.has(each.key))) {
      count += 1;
      if (offset < (cuts.get(partition) ?? 0n)) continue;
      cuts.set(partition, offset + 1n);
      last.set(partition, key);
    }
  };
  await readRange(log, { topic, group: ownGroup(topic), from, until }, async ({ key, value, ...at }) => {
    if (key === null || value === null) return;
    batch.push({ key: key as QuestionId, partition: at.partition, offset: at.offset });
    if (batch.length >= BATCH) await look();
  });
  await look();
  if (count === 0) return undefined;
  const heldBy = await behind({ log, admin }, topic, cuts);
  return { topic, count, cuts, last: [...last.values()], heldBy };
}

type Seen = Readonly<{ key: QuestionId; partition: number; offset: Offset }>;

/**
 * Writes that part anew, without what was forgotten, at the end of the ledger, and deletes it once all of it is
 * acknowledged. Each record keeps the place of its first writing, so that versions stay what they are. An interrupted
 * call leaves records twice, which every reader knows; the next one finishes it.
 */
export async function rewriteLedger({ log, admin, store }: Port, stale: StaleLedger): Promise<void> {
  const { topic, cuts, last } = stale;
  const begins = await log.beginningOffsets(topic);
  const from = new Map([...cuts.keys()].map((partition) => [partition, begins.get(partition) ?? 0n]));
  const emptied = new Map<string, LogRecord>();
  const all = { topic, from: begins, until: await log.endOffsets(topic) };
  await readRange(log, { ...all, group: ownGroup(topic) }, async (record) => {
    if (record.key !== null && record.value === null) emptied.set(record.key, record);
  });
  await readRange(log, { topic, group: ownGroup(topic), from, until: cuts }, async (record) => {
    const moved = movedRecord(record);
    if (moved === undefined || isBefore(record, emptied.get(moved.key))) return;
    if (await store.forgotten.isMarked(moved.key as QuestionId)) return;
    await log.publish(topic, [moved]);
  });
  if (last.length > 0)
    await log.publish(
      topic,
      last.map((key) => ({ key, value: null })),
    );
  await admin.deleteRecords(topic, cuts);
}

/** A tombstone removes what stands before it, no matter which process wrote it. */
function isBefore({ partition, offset }: LogRecord, tombstone: LogRecord | undefined): boolean {
  return tombstone?.partition === partition && offset < tombstone.offset;
}

/** Readings of our own begin again when something is cut. */
async function behind(
  { log, admin }: Pick<Port, 'log' | 'admin'>,
  topic: string,
  cuts: ReadonlyMap<number, Offset>,
): Promise<readonly string[]> {
  const groups = (await admin.groups()).map(({ group }) => group);
  const others = groups.filter((group) => !isOwn(topic, group));
  const held = others.map(async (group) => {
    const committed = await log.committedOffsets(group, topic);
    return [...cuts].some(([partition, cut]) => (committed.get(partition) ?? cut) < cut) ? [group] : [];
  });
  return (await Promise.all(held)).flat();
}

const ownGroup = (topic: string): string => `${topic}.gc-${randomUUID()}`;
const isOwn = (topic: string, group: string): boolean =>
  group.startsWith(`${topic}.gc-`) || group.startsWith(`${topic}.export-`);
