import type { LaneRepository } from '../../stages/lanes/lane.ts';
import type { Reports } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { ShadowReportBody } from './http/schemas.ts';

export type JudgeCost = Readonly<{
  cost: ShadowReportBody['cost']['live'];
  /** Candidates that it could not judge. */
  failed: number;
}>;

export type JudgeStore = Readonly<{ lanes: Pick<LaneRepository, 'get'>; reports: Pick<Reports, 'progress'> }>;

/** What the judge of a lane took; of a lane that was deleted the model is not known. */
export async function judgeCostOf({ lanes, reports }: JudgeStore, lane: LaneName): Promise<JudgeCost> {
  const [known, { stages }] = await Promise.all([lanes.get(lane), reports.progress(lane)]);
  const { done, dead, usage, costUsd, unpricedCalls } = stages.review;
  const isPriced = done > 0 && unpricedCalls === 0;
  const cost = {
    ...{ model: known?.recipes.review.settings.model ?? '', works: done },
    ...{ costUsd, costPer1000Usd: isPriced ? (costUsd / done) * 1_000 : null },
    ...{ tokens: usage.input + usage.output, unpricedCalls },
  };
  return { cost, failed: dead };
}
