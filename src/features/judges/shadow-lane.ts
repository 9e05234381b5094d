import type { Engine } from '../../infra/engines/engine.ts';
import { shadowGroupOf, shadowLaneOf } from '../../stages/judges/shadow-name.ts';
import { type Lane, MAIN_LANE, newSecret } from '../../stages/lanes/lane.ts';
import { offsetPairs, offsetsIn } from '../../stages/lanes/offsets.ts';
import { type ReviewRecipe, recipeHash } from '../../stages/lanes/recipe.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { Reports } from '../../stages/store/store.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { isAtWork } from './is-at-work.ts';

export type ShadowLaneOptions = Readonly<{
  engine: Pick<Engine, 'log' | 'store'>;
  namespace: string;
  name: string;
  recipe: ReviewRecipe;
  /** Of the live judge; the recipes of the other agents are its own. */
  live: Lane;
}>;

/**
 * The lane of a shadow judge, opened where the live judge stands now: what came before is not judged. One that has judged
 * nothing yet, and that nobody works, is opened anew by another recipe. Throws a Failure (`shadow_changed`) for any other
 * recipe than the lane's: one name, one recipe.
 */
export async function openShadowLane(options: ShadowLaneOptions): Promise<Lane> {
  const { name, recipe } = options;
  const { store } = options.engine;
  const known = await store.lanes.get(shadowLaneOf(name));
  const lane = known ?? (await store.lanes.open(await newLane(options)));
  if (recipeHash(lane.recipes.review) === recipeHash(recipe)) {
    await beginAt(options, lane, 'where it stands');
    return lane;
  }
  if ((await hasJudged(store.reports, lane.name)) || (await isAtWork(store.workers, name)))
    throw changed(name, lane);
  const anew = await newLane(options);
  await store.lanes.put(anew);
  await beginAt(options, anew, 'anew');
  return anew;
}

async function newLane(options: ShadowLaneOptions): Promise<Lane> {
  const { name, recipe, live } = options;
  return {
    ...{ name: shadowLaneOf(name), parent: MAIN_LANE, shadow: true, simulated: live.simulated },
    recipes: { ...live.recipes, review: recipe },
    begin: offsetPairs(await liveOffsets(options)),
    secret: newSecret(),
    createdAt: new Date().toISOString(),
  };
}

/** Where the live judge stands. Kafka forgets the offsets of a group after a week of rest: then, at the end of what there is. */
async function liveOffsets({ engine, namespace }: ShadowLaneOptions) {
  const { log, store } = engine;
  const { review } = topicsOf(namespace);
  const committed = await log.committedOffsets(groupOf(namespace, 'review'), review);
  if (!(await hasJudged(store.reports, MAIN_LANE))) return committed;
  return new Map([...(await log.endOffsets(review)), ...committed]);
}

/** Failed attempts are none: a name that was mistyped, or whose model nobody knew, has not judged. */
async function hasJudged(reports: Pick<Reports, 'progress'>, lane: LaneName): Promise<boolean> {
  const { done, dead } = (await reports.progress(lane)).stages.review;
  return done + dead > 0;
}

async function beginAt(
  { engine, namespace, name }: ShadowLaneOptions,
  lane: Lane,
  how: 'where it stands' | 'anew',
): Promise<void> {
  const { log } = engine;
  const begin = offsetsIn(lane.begin ?? []);
  const [group, topic] = [shadowGroupOf(namespace, name), topicsOf(namespace).review];
  if (begin.size === 0) return;
  if (how === 'where it stands' && (await log.committedOffsets(group, topic)).size > 0) return;
  await log.setOffsets(group, topic, begin).catch((failure: unknown) => {
    // Another process of it has begun meanwhile, and where it was opened.
    if (asFailure(failure).code !== 'group_in_use') throw failure;
  });
}

function changed(name: string, { name: lane, recipes }: Lane): Failure {
  const { model } = recipes.review.settings;
  const message = `The shadow judge ${name} judged by another model, prompt or threshold before (${model}), be it its own or what it takes from the reviewer. Give this one another name, or delete the old one: millrace gc --lane ${lane}`;
  return new Failure('fatal', 'shadow_changed', message);
}
