import type { Collection } from 'mongodb';
import type { StageTally } from '../../stages/store.ts';
import type { LaneName } from '../../streams/work.ts';
import type { WorkDocument } from './documents.ts';

type Sums = Readonly<
  Record<
    'done' | 'dead' | 'failed' | 'input' | 'output' | 'cached' | 'reasoning' | 'cost' | 'unpriced',
    number
  >
>;

const NOTHING: Sums = {
  done: 0,
  dead: 0,
  failed: 0,
  input: 0,
  output: 0,
  cached: 0,
  reasoning: 0,
  cost: 0,
  unpriced: 0,
};

const isDone = { $eq: ['$state', 'done'] };
/** `usage` and `costUsd` of a finished work include its failed attempts; those of an unfinished one stand apart. */
const spent = (finished: string, failed: string) => ({ $sum: { $cond: [isDone, finished, failed] } });

/** Counts and sums of a stage in a lane, computed from the works: a counter could count a repeated write twice. */
export async function tallyOf(works: Collection<WorkDocument>, lane: LaneName): Promise<StageTally> {
  const [found] = await works
    .aggregate<Sums>([
      { $match: { lane } },
      {
        $group: {
          _id: null,
          done: { $sum: { $cond: [isDone, 1, 0] } },
          dead: { $sum: { $cond: [{ $eq: ['$state', 'dead'] }, 1, 0] } },
          failed: { $sum: '$failed.attempts' },
          input: spent('$usage.input', '$failed.usage.input'),
          output: spent('$usage.output', '$failed.usage.output'),
          cached: spent('$usage.cached', '$failed.usage.cached'),
          reasoning: spent('$usage.reasoning', '$failed.usage.reasoning'),
          cost: spent('$costUsd', '$failed.costUsd'),
          unpriced: {
            $sum: {
              $add: ['$failed.unpriced', { $cond: [{ $and: [isDone, { $eq: ['$costUsd', null] }] }, 1, 0] }],
            },
          },
        },
      },
    ])
    .toArray();
  const { done, dead, failed, input, output, cached, reasoning, cost, unpriced } = found ?? NOTHING;
  const usage = { input, output, cached, reasoning };
  return { done, dead, failedAttempts: failed, usage, costUsd: cost, unpricedCalls: unpriced };
}
