import { z } from 'zod';
import type { Stage, StageResult } from '../../streams/delivery/stage.ts';
import { asFailure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import type { LaneStage } from '../lanes/recipe.ts';
import { ADDED_VERSION, type MessageVersion } from '../message.ts';
import { isOurs, ROWS } from '../rows.ts';
import { stagesInOrder } from './in-order.ts';

type OfLane = Readonly<{ v: MessageVersion; lane: LaneName }>;
export type Way = Readonly<{ lanes: Pick<LaneCache, 'get' | 'known'>; namespace: string }>;

/**
 * The stage, whose records go to what its lane has next: to a stage that was added behind it before the next one of ours. In a lane
 * without such stages nothing changes.
 */
export function inLaneOrder<Message extends OfLane, Result>(
  stage: Stage<Message, Result>,
  { lanes, namespace }: Way,
): Stage<Message, Result> {
  // What people decided goes on as what the judge decided.
  const name = stage.name === 'verdicts' ? 'review' : stage.name;
  return {
    ...stage,
    accept: async (message) => {
      await stage.accept?.(message);
      await lanes.get(message.lane).catch(unlessPoison);
    },
    decide: (message, finished) => {
      const added = lanes.known(message.lane)?.recipes.stages ?? [];
      if (added.length === 0) return stage.decide(message, finished);
      return sentOn(stage.decide({ ...message, v: ADDED_VERSION }, finished), name, added, namespace);
    },
  };
}

/** A record of a lane that nobody opened is for the stage itself to refuse. */
function unlessPoison(error: unknown): void {
  const failure = asFailure(error);
  if (failure.kind !== 'poison') throw failure;
}

function sentOn(
  result: StageResult,
  name: string,
  added: readonly LaneStage[],
  namespace: string,
): StageResult {
  if (result.kind !== 'emit') return result;
  const order: readonly string[] = stagesInOrder(ROWS, added).map((each) => each.name);
  const place = order.indexOf(name);
  const ours = order.slice(place + 1).find(isOurs);
  const next = order[place + 1];
  if (place < 0 || next === undefined || ours === undefined || result.topic !== `${namespace}.${ours}`)
    return result;
  if (ours === 'storage' && !isApproved(result)) return result;
  return { ...result, topic: `${namespace}.${next}` };
}

const judged = z.object({ review: z.object({ verdict: z.literal('approved') }) });

/** Behind review only what passed it is looked at: what did not goes to its end. */
function isApproved({ records }: Extract<StageResult, { kind: 'emit' }>): boolean {
  return records.every(({ value }) => judged.safeParse(JSON.parse(String(value))).success);
}
