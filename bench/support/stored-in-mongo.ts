import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { z } from 'zod';
import type { Site } from './servers.ts';
import type { WorkSpan } from './stored.ts';

const LOOK_MS = 100;
const LIMIT_MS = 900_000;
const spanSchema = z.object({ first: z.string(), last: z.date() });

/** Reads what a site has stored, while it works. */
export type MongoView = AsyncDisposable &
  Readonly<{
    /** Resolves when so many questions stand at that status. */
    until(status: string, count: number): Promise<void>;
    /** Resolves when so many questions are stored and none of them is only pending. */
    untilStored(questions: number): Promise<void>;
    count(status: string): Promise<number>;
    /** Of the whole work, or of one stage: from its first call to its last result. */
    span(collection: 'research' | 'dataset'): Promise<WorkSpan>;
    /** Results a second while the middle three fifths of them were stored: no start, no end. */
    steadyRate(collection: 'research'): Promise<number>;
    /** On the disk, indexes included, once all is written there. */
    bytes(): Promise<number>;
  }>;

export async function viewOf({ mongo, namespace }: Site): Promise<MongoView> {
  const client = await new MongoClient(mongo).connect();
  const db = client.db(namespace);
  const count = (status: string) => db.collection('questions').countDocuments({ status });
  return {
    count,
    until: (status, wanted) => waitFor(`${wanted} ${status}`, async () => (await count(status)) >= wanted),
    untilStored: (wanted) =>
      waitFor(`${wanted} stored questions`, async () => {
        const stored = await db.collection('questions').countDocuments({ status: { $ne: 'pending' } });
        return stored >= wanted;
      }),
    span: (collection) => spanOf(db, collection),
    bytes: async () => {
      await client.db('admin').command({ fsync: 1 });
      const { totalSize } = z.object({ totalSize: z.number() }).parse(await db.stats());
      return totalSize;
    },
    steadyRate: (collection) => steadyRateOf(db, collection),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await sleep(LOOK_MS);
  }
}

async function spanOf(db: Db, collection: 'research' | 'dataset'): Promise<WorkSpan> {
  const [firsts] = await db
    .collection('research')
    .aggregate([{ $group: { _id: null, first: { $min: { $first: '$attempts.startedAt' } } } }])
    .toArray();
  const [lasts] = await db
    .collection(collection)
    .aggregate([{ $group: { _id: null, last: { $max: { $ifNull: ['$arrivedAt', '$updatedAt'] } } } }])
    .toArray();
  const { first, last } = spanSchema.parse({ first: firsts?.['first'], last: lasts?.['last'] });
  return { firstCallMs: Date.parse(first), lastStoreMs: last.getTime() };
}

async function steadyRateOf(db: Db, collection: string): Promise<number> {
  const rows = await db
    .collection(collection)
    .find({}, { projection: { updatedAt: 1 } })
    .toArray();
  const timesMs = rows.map((row) => z.date().parse(row['updatedAt']).getTime()).toSorted((a, b) => a - b);
  const [from, to] = [Math.floor(timesMs.length * 0.2), Math.floor(timesMs.length * 0.8)];
  return (to - from) / (((timesMs[to] ?? 0) - (timesMs[from] ?? 0)) / 1_000);
}
