import {
  type ShadowAgreement,
  shadowAgreementByDay,
  shadowAgreementOf,
} from '../../stages/judges/shadow-agreement.ts';
import { shadowOfLane } from '../../stages/judges/shadow-name.ts';
import { type Lane, type LaneRepository, MAIN_LANE } from '../../stages/lanes/lane.ts';
import { recipeHash } from '../../stages/lanes/recipe.ts';
import type { ShadowCount, ShadowRepository } from '../../stages/store/shadow-repository.ts';
import type { Reports } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { LagLog } from '../flow/lag.ts';
import type { ShadowDetail, ShadowReportBody } from './http/schemas.ts';
import { shadowLags } from './shadow-lags.ts';

const DAY_MS = 86_400_000;
/** Sorts before every day. */
const FROM_THE_BEGINNING = '';

type JudgeCost = Readonly<{
  cost: ShadowReportBody['cost']['live'];
  /** Candidates that it could not judge. */
  failed: number;
}>;

type JudgeStore = Readonly<{ lanes: Pick<LaneRepository, 'get'>; reports: Pick<Reports, 'progress'> }>;

export type ShadowPorts = Readonly<{
  store: JudgeStore & Readonly<{ shadows: ShadowRepository }>;
  log: Pick<LagLog, 'committedOffsets' | 'beginningOffsets'>;
  namespace: string;
}>;

/** A shadow judge beside the live one, over all that it judged. Rejects with a Failure while the store is away. */
export async function readShadows(ports: ShadowPorts): Promise<readonly ShadowReportBody[]> {
  const lanes = await ports.store.shadows.shadows();
  const reader = readerOf(ports);
  return Promise.all(lanes.map(async (lane) => (await reader(lane)).report));
}

/** The same of one, and by day for so many days (UTC) up to now; `undefined` where no shadow of this name ever was. */
export async function readShadow(
  ports: ShadowPorts,
  name: string,
  days: number,
): Promise<ShadowDetail | undefined> {
  const lanes = await ports.store.shadows.shadows();
  const lane = lanes.find((each) => shadowOfLane(each.name) === name);
  if (lane === undefined) return undefined;
  const { report, counts } = await readerOf(ports)(lane);
  const since = new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const byDay = shadowAgreementByDay(counts.filter(({ day }) => day >= since));
  return { ...report, byDay: byDay.map(({ day, ...each }) => ({ day, ...written(each) })) };
}

type Read = Readonly<{ report: ShadowReportBody; counts: readonly ShadowCount[] }>;

function readerOf({ store, log, namespace }: ShadowPorts): (lane: Lane) => Promise<Read> {
  const lagOf = shadowLags(log, namespace);
  const liveCosts = new Map<LaneName, Promise<JudgeCost>>();
  // Shadows mostly have one live judge, whose cost is read once.
  const liveCostOf = (lane: LaneName) => {
    const cost = liveCosts.get(lane) ?? judgeCostOf(store, lane);
    liveCosts.set(lane, cost);
    return cost;
  };
  return async ({ name: lane, parent = MAIN_LANE, recipes, createdAt }) => {
    const name = shadowOfLane(lane) ?? lane;
    const [counts, sided, shadow, live, lag] = await Promise.all([
      store.shadows.counts(name, FROM_THE_BEGINNING),
      store.shadows.agreementWithPeople(name),
      judgeCostOf(store, lane),
      liveCostOf(parent as LaneName),
      lagOf(name),
    ]);
    const report = {
      ...{ name, lane: parent, since: createdAt },
      ...{ recipe: recipeHash(recipes.review), minScore: recipes.review.minScore },
      ...written(shadowAgreementOf(counts)),
      ...{ failed: shadow.failed, lag: lag ?? null, sided },
      cost: { shadow: shadow.cost, live: live.cost },
    };
    return { report, counts };
  };
}

function written({ agreement, kappa, scoreDifference, ...counted }: ShadowAgreement) {
  return {
    ...counted,
    ...{ agreement: agreement ?? null, kappa: kappa ?? null, scoreDifference: scoreDifference ?? null },
  };
}

/** What the judge of a lane took; of a lane that was deleted the model is not known. */
async function judgeCostOf({ lanes, reports }: JudgeStore, lane: LaneName): Promise<JudgeCost> {
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
