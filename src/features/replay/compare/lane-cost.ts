import { agentStages } from '../../../stages/stage-names.ts';
import { NO_TALLY, type Store } from '../../../stages/store/store.ts';
import type { LaneName } from '../../../streams/work/work.ts';

/**
 * What a lane has cost, over all its agents. A work of many turns is one work, and one that nobody was called for is a work, too: neither
 * of the two numbers says how many calls were made.
 */
export type LaneCost = Readonly<{
  works: number;
  failedCalls: number;
  tokens: number;
  costUsd: number;
  unpricedCalls: number;
}>;

export async function costOfLane({ reports }: Pick<Store, 'reports'>, lane: LaneName): Promise<LaneCost> {
  const { stages } = await reports.progress(lane);
  const sum = { works: 0, failedCalls: 0, tokens: 0, costUsd: 0, unpricedCalls: 0 };
  for (const stage of agentStages()) {
    const { done, failedAttempts, usage, costUsd, unpricedCalls } = stages[stage] ?? NO_TALLY;
    sum.works += done;
    sum.failedCalls += failedAttempts;
    sum.tokens += usage.input + usage.output;
    sum.costUsd += costUsd;
    sum.unpricedCalls += unpricedCalls;
  }
  return sum;
}
