import { setTimeout } from 'node:timers/promises';
import type { Collection, Filter } from 'mongodb';
import { isEnd, type Status, statuses } from '../../../../stages/status.ts';
import { errorText } from '../../../../streams/failure.ts';
import { allWorks, type Collections, countingOf } from '../collections.ts';
import type { QuestionDocument, WorkDocument } from '../documents.ts';
import { addToCounters } from './counters.ts';
import { countedAs, LANE_UNCOUNTED, sumsOfQuestions } from './question-counts.ts';
import { sumsOfWorks, TOTALS } from './work-sums.ts';

export type RollUpOptions = Readonly<{
  now?: Date;
  /** So many of one kind are looked at soon enough, and left alone. */
  least?: number;
  /** The same of those that are on their way, and will be counted as something else later. */
  leastOnTheirWay?: number;
}>;
type Counting = Readonly<{ before: Date; least: number }>;

const BATCH = 1_000;
const ON_THEIR_WAY = 10_000;
const EVERY_MS = 10_000;
/** A minute of failures. */
const TOLD_AFTER = 6;
const GOODBYE_MS = 1_000;
/** Nobody writes to what has rested for so long: a batch, and a process that is killed over it, is in nobody's way. */
const REST_MS = 30_000;

/**
 * Takes into the counters what they do not know, as long as there is much of it. Each batch is a transaction: a document counts once, in a
 * counter or by itself, whoever is killed or does the same at that moment. Rejects with the driver's errors.
 */
export async function rollUp(
  collections: Collections,
  { now = new Date(), least = BATCH, leastOnTheirWay = ON_THEIR_WAY }: RollUpOptions = {},
): Promise<void> {
  const before = new Date(now.getTime() - REST_MS);
  for (const works of allWorks(collections)) while (await rolledWorks(collections, works, { before, least }));
  for (const status of statuses())
    while (
      await rolledQuestions(collections, status, { before, least: isEnd(status) ? least : leastOnTheirWay })
    );
}

/**
 * Does so every few seconds, until stopped. What fails is done the next time; `onNotice` hears of it when it has failed for a minute, once
 * until it goes well again.
 */
export function keepRollingUp(
  collections: Collections,
  onNotice: (text: string) => void,
  everyMs = EVERY_MS,
): () => Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const rolling = (async () => {
    let failures = 0;
    while (!signal.aborted) {
      // Workers that were started together do not stay so.
      await setTimeout(everyMs * (0.75 + Math.random() / 2), undefined, { ref: false, signal });
      const error: unknown = await rollUp(collections).catch((reason: unknown) => reason);
      failures = error === undefined ? 0 : failures + 1;
      if (failures === TOLD_AFTER) onNotice(notCountedText(error));
    }
  })().catch(() => undefined);
  return async () => {
    stop.abort();
    // A transaction that is cut has changed nothing.
    await Promise.race([rolling, setTimeout(GOODBYE_MS, undefined, { ref: false })]);
  };
}

function notCountedText(error: unknown): string {
  const meanwhile = 'Work goes on, and counts stay right, but "status" takes longer with each question.';
  return `The counts in MongoDB are not kept up (${errorText(error)}). ${meanwhile}`;
}

/** A work that is done changes no more in what is counted of it. Whether there may be more. */
async function rolledWorks(
  collections: Collections,
  works: Collection<WorkDocument>,
  { before, least }: Counting,
): Promise<boolean> {
  return countingOf(collections, works).change(async (at) => {
    if (at === undefined) return false;
    const filter: Filter<WorkDocument> = {
      ...{ counted: { $ne: at.epoch }, state: 'done', updatedAt: { $lt: before } },
    };
    if ((await works.countDocuments(filter, { ...at.within, hint: TOTALS, limit: least })) < least)
      return false;
    const projection = { lane: 1, recipe: 1, spent: 1, ...(works === collections.works ? { stage: 1 } : {}) };
    const options = { ...at.within, projection, limit: BATCH, hint: TOTALS };
    const found = await works.find(filter, options).toArray();
    await addToCounters(collections, sumsOfWorks(works, found), 1, at);
    const ids = found.map(({ _id }) => _id);
    await works.updateMany({ _id: { $in: ids } }, { $set: { counted: at.epoch } }, at.within);
    return found.length === BATCH;
  });
}

/** A question that moves later says by itself what it was counted as. Whether there may be more. */
async function rolledQuestions(
  collections: Collections,
  status: Status,
  { before, least }: Counting,
): Promise<boolean> {
  const { counting, questions } = collections;
  return counting.change(async (at) => {
    if (at === undefined) return false;
    const counted = countedAs(at.epoch, status);
    const filter: Filter<QuestionDocument> = {
      ...{ status, counted: { $ne: counted }, updatedAt: { $lt: before } },
    };
    const many = await questions.countDocuments(filter, { ...at.within, hint: LANE_UNCOUNTED, limit: least });
    if (many < least) return false;
    const options = { ...at.within, projection: { lane: 1, counted: 1 }, limit: BATCH, hint: LANE_UNCOUNTED };
    const found = await questions.find(filter, options).toArray();
    await addToCounters(collections, sumsOfQuestions(found, status, at), 1, at);
    const ids = found.map(({ _id }) => _id);
    await questions.updateMany({ _id: { $in: ids } }, { $set: { counted } }, at.within);
    return found.length === BATCH;
  });
}
