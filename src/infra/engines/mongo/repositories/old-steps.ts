import type { Collection } from 'mongodb';
import { SETTLED } from '../../../../stages/store/cleanup.ts';
import { allWorks, type Collections } from '../collections.ts';
import type { WorkDocument } from '../documents.ts';

const QUESTIONS_AT_ONCE = 200;
const WITHOUT_STEPS = { $unset: { steps: true, stepCount: true } } as const;

/** Works of one collection that have steps, and the questions that they belong to. */
type Stepped = Readonly<{ works: Collection<WorkDocument>; ids: readonly string[]; of: readonly string[] }>;

/** How many settled questions have steps, and ended before then. Rejects with the driver's errors. */
export async function countOldSteps(collections: Collections, before: Date): Promise<number> {
  let total = 0;
  for await (const stepped of oldSteps(collections, before)) total += questionsIn(stepped);
  return total;
}

/** Deletes their steps, and resolves with how many questions had some. Rejects with the driver's errors. */
export async function dropOldSteps(collections: Collections, before: Date): Promise<number> {
  let total = 0;
  for await (const stepped of oldSteps(collections, before)) {
    for (const { works, ids } of stepped) await works.updateMany({ _id: { $in: [...ids] } }, WITHOUT_STEPS);
    total += questionsIn(stepped);
  }
  return total;
}

/** Deletes the steps of one question of a lane, by its key. Rejects with the driver's errors. */
export async function dropStepsOf(collections: Collections, key: string): Promise<void> {
  for (const works of allWorks(collections))
    await works.updateMany({ _id: { $gte: `${key}/`, $lt: `${key}0` } }, WITHOUT_STEPS);
}

function questionsIn(stepped: readonly Stepped[]): number {
  return new Set(stepped.flatMap(({ of }) => of)).size;
}

/** Some questions at a time, so that no command is long. */
async function* oldSteps(collections: Collections, before: Date): AsyncIterable<readonly Stepped[]> {
  const { questions } = collections;
  for (const lane of await questions.distinct('lane')) {
    const ended = questions.find(
      { lane, endedAt: { $lt: before }, status: { $in: [...SETTLED] } },
      { projection: { _id: 1, questionId: 1 } },
    );
    let some: string[] = [];
    for await (const { questionId } of ended) {
      some.push(questionId);
      if (some.length < QUESTIONS_AT_ONCE) continue;
      yield await steppedOf(collections, lane, some);
      some = [];
    }
    if (some.length > 0) yield await steppedOf(collections, lane, some);
  }
}

async function steppedOf(
  collections: Collections,
  lane: string,
  questionIds: readonly string[],
): Promise<readonly Stepped[]> {
  const open = await collections.deadLetters
    .find({ 'work.questionId': { $in: [...questionIds] }, state: { $ne: 'closed' } })
    .project<{ work: { lane: string; questionId: string } }>({ 'work.lane': 1, 'work.questionId': 1 })
    .toArray();
  const kept = new Set(open.filter(({ work }) => work.lane === lane).map(({ work }) => work.questionId));
  const keys = questionIds.filter((id) => !kept.has(id)).map((id) => `${lane}/${id}`);
  if (keys.length === 0) return [];
  const ranges = keys.map((key) => ({ _id: { $gte: `${key}/`, $lt: `${key}0` } }));
  const found = allWorks(collections).map(async (works): Promise<Stepped> => {
    const filter = { $or: ranges, stepCount: { $exists: true } };
    const stepped = await works.find(filter, { projection: { _id: 1, questionId: 1 } }).toArray();
    return { works, ids: stepped.map(({ _id }) => _id), of: stepped.map(({ questionId }) => questionId) };
  });
  return Promise.all(found);
}
