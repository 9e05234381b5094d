import type { Collection, Filter } from 'mongodb';
import { type Collections, countingOf } from '../collections.ts';
import type { QuestionDocument, WorkDocument } from '../documents.ts';
import { addToCounters } from './counters.ts';
import { countedAs, sumsOfCounted } from './question-counts.ts';
import { sumsOfWorks } from './work-sums.ts';

/** Deletes works, and takes them out of the counters, both or nothing. Answers how many. Rejects with the driver's errors. */
export function eraseWorks(
  collections: Collections,
  works: Collection<WorkDocument>,
  filter: Filter<WorkDocument>,
): Promise<number> {
  return countingOf(collections, works).change(async (at) => {
    if (at !== undefined) {
      const counted: Filter<WorkDocument> = { $and: [filter, { counted: at.epoch }] };
      const projection = { lane: 1, recipe: 1, spent: 1 };
      const found = await works.find(counted, { ...at.within, projection }).toArray();
      await addToCounters(collections, sumsOfWorks(works, found), -1, at);
    }
    return (await works.deleteMany(filter, at?.within)).deletedCount;
  });
}

/** The same of questions. */
export function eraseQuestions(collections: Collections, filter: Filter<QuestionDocument>): Promise<number> {
  const { counting, questions } = collections;
  return counting.change(async (at) => {
    if (at !== undefined) {
      const beginning = countedAs(at.epoch, '');
      const known = { counted: { $gte: beginning, $lt: `${beginning}~` } };
      const counted: Filter<QuestionDocument> = { $and: [filter, known] };
      const projection = { lane: 1, counted: 1 };
      const found = await questions.find(counted, { ...at.within, projection }).toArray();
      await addToCounters(collections, sumsOfCounted(found, at), -1, at);
    }
    return (await questions.deleteMany(filter, at?.within)).deletedCount;
  });
}

/** Forgets the counters of a lane: after all that they count. Rejects with the driver's errors. */
export async function dropCounters(collections: Collections, lane: string): Promise<void> {
  const { counters, counting, countingAdded } = collections;
  const drop = async (epoch: string | undefined, names: readonly string[]) => {
    if (epoch === undefined) return;
    for (const name of names) {
      const beginning = `${epoch}/${name}/${lane}`;
      await counters.deleteMany({ _id: { $gte: `${beginning}/`, $lt: `${beginning}0` } });
    }
  };
  await drop(await counting.epoch(), ['questions', 'research', 'generations', 'reviews']);
  await drop(await countingAdded.epoch(), ['works']);
}
