import type { Collection, Document } from 'mongodb';
import type { StageTally } from '../../../../stages/store/store.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import { type Collections, countingOf, type StageWorks } from '../collections.ts';
import type { WorkDocument } from '../documents.ts';
import { addSums, countersUnder, SPENT, SUMS_OF_SPENT, type SumsByName } from './counters.ts';

/** Begins with whether a counter knows the work, and holds all that is summed up. */
export const TOTALS = 'totals';

type Works = Collection<WorkDocument>;
type Row = { _id: string } & Record<string, number>;

const countOf = (state: string) => ({ $sum: { $cond: [{ $eq: ['$state', state] }, 1, 0] } });

/** The sums of a stage in a lane, by recipe, over works that no counter of the epoch knows. From the index `totals` alone. */
export function uncountedWorks(lane: LaneName, epoch?: string, stage?: string): Document[] {
  const of = stage === undefined ? { lane } : { lane, stage };
  return [
    { $match: epoch === undefined ? of : { ...of, counted: { $ne: epoch } } },
    { $group: { _id: '$recipe', done: countOf('done'), dead: countOf('dead'), ...SUMS_OF_SPENT } },
  ];
}

/**
 * Counts and sums of a stage in a lane, in a time that grows with the works alone that no counter knows. Rejects with the driver's
 * errors.
 */
export async function stageTallyOf(
  collections: Collections,
  works: StageWorks,
  lane: LaneName,
): Promise<StageTally> {
  const byRecipe = await sumsByRecipe(collections, works, lane);
  const of = (name: string) => byRecipe.values().reduce((sum, each) => sum + (each[name] ?? 0), 0);
  const [input, output, cached, reasoning] = [of('input'), of('output'), of('cached'), of('reasoning')];
  return {
    ...{ done: of('done'), dead: of('dead'), failedAttempts: of('failed') },
    ...{ usage: { input, output, cached, reasoning }, costUsd: of('costUsd'), unpricedCalls: of('unpriced') },
  };
}

/** How many works of a lane are done, by their recipes. Rejects with the driver's errors. */
export async function doneByRecipe(
  collections: Collections,
  works: StageWorks,
  lane: LaneName,
): Promise<ReadonlyMap<string, number>> {
  const byRecipe = await sumsByRecipe(collections, works, lane);
  const done = [...byRecipe].map(([recipe, sums]): [string, number] => [recipe, sums['done'] ?? 0]);
  return new Map(done.filter(([, count]) => count > 0));
}

function sumsByRecipe(
  collections: Collections,
  { works, stage }: StageWorks,
  lane: LaneName,
): Promise<SumsByName> {
  const added = async (sums: SumsByName, pipeline: Document[], options: object) => {
    const rows = await works.aggregate<Row>(pipeline, options).toArray();
    for (const { _id, ...more } of rows) addSums(sums, _id, more);
    return sums;
  };
  const { collectionName } = works;
  const prefix = stage === undefined ? `${collectionName}/${lane}` : `${collectionName}/${lane}/${stage}`;
  return countingOf(collections, works).read(
    async (at) => {
      const sums = await countersUnder(collections, prefix, at);
      return added(sums, uncountedWorks(lane, at.epoch, stage), { ...at.within, hint: TOTALS });
    },
    () => added(new Map(), uncountedWorks(lane, undefined, stage), { hint: TOTALS }),
  );
}

/** What the counters hold of these works of a collection, all of them done. */
export function sumsOfWorks(
  { collectionName }: Pick<Works, 'collectionName'>,
  found: readonly Pick<WorkDocument, 'lane' | 'recipe' | 'spent' | 'stage'>[],
): SumsByName {
  const sums: SumsByName = new Map();
  for (const { lane, recipe, spent, stage } of found)
    addSums(sums, [collectionName, lane, ...(stage === undefined ? [] : [stage]), recipe].join('/'), {
      done: 1,
      ...Object.fromEntries(SPENT.map((each) => [each, spent[each]])),
    });
  return sums;
}
