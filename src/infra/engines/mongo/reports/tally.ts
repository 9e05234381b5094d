import type { Collection, Document } from 'mongodb';
import type { StageTally } from '../../../../stages/store/store.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Spent, WorkDocument } from '../documents.ts';

type Sums = Spent & Readonly<{ done: number; dead: number }>;

const SPENT = ['failed', 'input', 'output', 'cached', 'reasoning', 'costUsd', 'unpriced'] as const;
const NOTHING: Sums = {
  ...{ done: 0, dead: 0, failed: 0, unpriced: 0, costUsd: 0 },
  ...{ input: 0, output: 0, cached: 0, reasoning: 0 },
};

const countOf = (state: string) => ({ $sum: { $cond: [{ $eq: ['$state', state] }, 1, 0] } });

/** The sums of a stage in a lane. They are read from the index `totals` alone. */
export function tallyPipeline(lane: LaneName): Document[] {
  const sums = Object.fromEntries(SPENT.map((name) => [name, { $sum: `$spent.${name}` }]));
  return [
    { $match: { lane } },
    { $group: { _id: null, done: countOf('done'), dead: countOf('dead'), ...sums } },
  ];
}

/**
 * Counts and sums of a stage in a lane, computed from the works: a counter could count a repeated write twice. Rejects
 * with the driver's errors.
 */
export async function tallyOf(works: Collection<WorkDocument>, lane: LaneName): Promise<StageTally> {
  const [found] = await works.aggregate<Sums>(tallyPipeline(lane), { hint: 'totals' }).toArray();
  const { done, dead, failed, costUsd, unpriced, ...rest } = found ?? NOTHING;
  const { input, output, cached, reasoning } = rest;
  const usage = { input, output, cached, reasoning };
  return { done, dead, failedAttempts: failed, usage, costUsd, unpricedCalls: unpriced };
}
