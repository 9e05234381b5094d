import type { Filter } from 'mongodb';
import type { Holdings } from '../../../../stages/store/forgotten.ts';
import { allWorks, type Collections } from '../collections.ts';
import { eraseQuestions, eraseWorks } from '../counts/erase-counted.ts';

type Kind = keyof Holdings;
type Held = Readonly<{ kind: Kind; count(): Promise<number>; erase(): Promise<number> }>;

/** Everything that is held of some questions, by indexes where there are any. Rejects with the driver's errors. */
export async function heldOf(
  collections: Collections,
  questionIds: readonly string[],
): Promise<readonly Held[]> {
  const { questions, submissions, dataset, rejections, deadLetters } = collections;
  const { retractions, desk, decisions, shadowVerdicts, evidenceUses } = collections;
  const ids = [...questionIds];
  const lanes = await lanesOf(collections, ids);
  const keys = lanes.flatMap((lane) => ids.map((id) => `${lane}/${id}`));
  const works = { $or: keys.map((key) => ({ _id: { $gte: `${key}/`, $lt: `${key}0` } })) };
  const outcomes = { _id: { $in: keys } };
  const mine = { questionId: { $in: ids } };
  return [
    ...allWorks(collections).map((each): Held => {
      return { ...held('works', each, works), erase: () => eraseWorks(collections, each, works) };
    }),
    held('works', decisions, { questionId: { $in: ids } }),
    held('works', shadowVerdicts, { questionId: { $in: ids } }),
    uncounted(evidenceUses, mine),
    ...[dataset, rejections, retractions].map((each) => held('examples', each, outcomes)),
    held('examples', desk, { questionId: { $in: ids } }),
    held('deadLetters', deadLetters, { $or: [{ key: { $in: ids } }, { 'work.questionId': { $in: ids } }] }),
    held('submissions', submissions, { questionId: { $in: ids } }),
    { ...held('questions', questions, mine), erase: () => eraseQuestions(collections, mine) },
  ];
}

export async function eraseAll(collections: Collections, questionIds: readonly string[]): Promise<void> {
  for (const { erase } of await heldOf(collections, questionIds)) await erase();
}

/** Lanes that were opened, and those that only a record named. */
async function lanesOf({ lanes, questions }: Collections, ids: readonly string[]): Promise<string[]> {
  const opened = await lanes.find({}, { projection: { _id: 1 } }).toArray();
  const named = await questions.distinct('lane', { questionId: { $in: [...ids] } });
  return [...new Set(['main', ...opened.map(({ _id }) => _id), ...named])];
}

type Target<T> = Readonly<{
  countDocuments(filter: Filter<T>): Promise<number>;
  deleteMany(filter: Filter<T>): Promise<{ deletedCount: number }>;
}>;

/** What only says where to look. */
function uncounted<T>(target: Target<T>, filter: Filter<T>): Held {
  const erase = () => target.deleteMany(filter).then(() => 0);
  return { kind: 'works', count: async () => 0, erase };
}

function held<T>(kind: Kind, target: Target<T>, filter: Filter<T>): Held {
  return {
    kind,
    count: () => target.countDocuments(filter),
    erase: async () => (await target.deleteMany(filter)).deletedCount,
  };
}
