import type { Stage } from '../../streams/delivery/stage.ts';
import { Failure } from '../../streams/failure.ts';
import type { LogRecord } from '../../streams/log/log.ts';
import { type Finished, type LaneName, type WorkKey, workIdOf } from '../../streams/work/work.ts';
import type { Review } from '../example.ts';
import { inLane, sizeIn } from '../lanes/in-lane.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { type ReviewRecipe, recipeHash } from '../lanes/recipe.ts';
import type { ReviewMessage } from '../message.ts';
import { isSampled } from '../sampled.ts';
import { type ShadowJudge, shadowDecision } from './shadow-decision.ts';

/** A shadow judge at work: what it judges, and whom it follows. */
export type Shadow = ShadowJudge &
  Readonly<{
    /** Where its own works stand. */
    into: LaneName;
    /** Names what it judges by. */
    recipe: string;
    lanes: Pick<LaneCache, 'get'>;
    /** Of all candidates, from 0 to 1. */
    share: number;
    /** Resolves when the live judge has settled the record. Rejects with `stopping()`, or with a Failure. */
    settled(record: LogRecord): Promise<void>;
  }>;

/**
 * The stage of reviews, judging once more, in a lane of its own, what the live judge has judged. Nothing follows from it but
 * a verdict beside the live one and, where the two differ, a question for a person.
 */
export function inShadow(stage: Stage<ReviewMessage, Review>, shadow: Shadow): Stage<ReviewMessage, Review> {
  const { source, into, share, recipe, lanes, settled } = shadow;
  // For as long as the message is in hand: what is stored never changes.
  const judged = new WeakMap<ReviewMessage, Finished<Review>>();
  let known: ReviewRecipe | undefined;
  const workOf = (message: ReviewMessage): WorkKey => ({ ...stage.workOf(message), lane: into, drive: 0 });
  return {
    ...stage,
    undecodable: 'pass-over',
    workOf,
    wants: async (message, record) => {
      if (message.lane !== source || !isSampled(workIdOf(workOf(message)), share, 'shadow')) return false;
      await settled(record);
      const live = await stage.store.find(stage.workOf(message));
      if (live !== undefined) judged.set(message, live);
      return live !== undefined;
    },
    accept: async (message) => {
      await stage.accept?.(inLane(message, into));
      const { review } = (await lanes.get(into)).recipes;
      if (review !== known && recipeHash(review) !== recipe) throw otherRecipe(shadow);
      known = review;
    },
    // A judge of the same name may have been deleted, and an answer to it be left in a file.
    recognise: (finished) => (finished.recipe === recipe ? stage.recognise?.(finished) : undefined),
    mostAttempts: () => undefined,
    ...sizeIn(stage, into),
    run: (message, attempt) => stage.run(inLane(message, into), attempt),
    decide: (message, finished) => shadowDecision(shadow, message, finished, judged.get(message)),
  };
}

/** The lane was deleted and opened anew by another process. */
function otherRecipe({ name }: Shadow): Failure {
  const message = `The shadow judge ${name} judges by another recipe elsewhere by now. Start this process again.`;
  return new Failure('fatal', 'shadow_changed', message);
}
