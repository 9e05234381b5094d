import type { Collection, Filter } from 'mongodb';
import type { Collections } from '../collections.ts';
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
  return collections.counting.change(async (at) => {
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
export async function dropCounters({ counters, counting }: Collections, lane: string): Promise<void> {
  const epoch = await counting.epoch();
  if (epoch === undefined) return;
  for (const name of ['questions', 'research', 'generations', 'reviews']) {
    const beginning = `${epoch}/${name}/${lane}`;
    await counters.deleteMany({ _id: { $gte: `${beginning}/`, $lt: `${beginning}0` } });
  }
}
