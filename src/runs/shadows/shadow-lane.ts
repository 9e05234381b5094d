import type { Engine } from '../../infra/engine.ts';
import { type Lane, MAIN_LANE } from '../../stages/lane.ts';
import { offsetPairs, offsetsIn } from '../../stages/offsets.ts';
import { type ReviewRecipe, recipeHash } from '../../stages/recipe.ts';
import { shadowGroupOf, shadowLaneOf } from '../../stages/shadow/shadow-name.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { Reports } from '../../stages/store.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { Log } from '../../streams/log.ts';

export type ShadowLaneOptions = Readonly<{
  engine: Pick<Engine, 'log' | 'store'>;
  namespace: string;
  name: string;
  recipe: ReviewRecipe;
  /** Of the live judge; the recipes of the other agents are its own. */
  live: Lane;
}>;

/**
 * The lane of a shadow judge, opened where the live judge stands now: what came before is not judged. Throws a Failure
 * (`shadow_changed`) where that name judged by another recipe before: one name, one recipe.
 */
export async function openShadowLane(options: ShadowLaneOptions): Promise<Lane> {
  const { engine, namespace, name, recipe, live } = options;
  const { log, store } = engine;
  const known = await store.lanes.get(shadowLaneOf(name));
  const lane = known ?? (await store.lanes.open(await newLane(options)));
  const isSame = recipeHash(lane.recipes.review) === recipeHash(recipe);
  if (!isSame && (await hasJudged(store.reports, lane))) throw changed(name, lane);
  const opened = isSame ? lane : { ...lane, recipes: { ...live.recipes, review: recipe } };
  if (!isSame) await store.lanes.put(opened);
  await beginWhereOpened(log, namespace, name, opened);
  return opened;
}

async function newLane({ engine, namespace, name, recipe, live }: ShadowLaneOptions): Promise<Lane> {
  const { review } = topicsOf(namespace);
  const committed = await engine.log.committedOffsets(groupOf(namespace, 'review'), review);
  return {
    ...{ name: shadowLaneOf(name), parent: MAIN_LANE, shadow: true, simulated: live.simulated },
    recipes: { ...live.recipes, review: recipe },
    begin: offsetPairs(committed),
    createdAt: new Date().toISOString(),
  };
}

/** A name that was mistyped, or whose model nobody knew, has not judged yet. */
async function hasJudged(reports: Pick<Reports, 'progress'>, { name }: Lane): Promise<boolean> {
  const { done, dead, failedAttempts } = (await reports.progress(name)).stages.review;
  return done + dead + failedAttempts > 0;
}

/** Also where the group was forgotten since: Kafka keeps the offsets of one that nobody reads in for a week. */
async function beginWhereOpened(log: Log, namespace: string, name: string, lane: Lane): Promise<void> {
  const begin = offsetsIn(lane.begin ?? []);
  const [group, topic] = [shadowGroupOf(namespace, name), topicsOf(namespace).review];
  if (begin.size === 0 || (await log.committedOffsets(group, topic)).size > 0) return;
  await log.setOffsets(group, topic, begin).catch((failure: unknown) => {
    // Another process of it has begun meanwhile, and where it was opened.
    if (asFailure(failure).code !== 'group_in_use') throw failure;
  });
}

function changed(name: string, { name: lane, recipes }: Lane): Failure {
  const { model } = recipes.review.settings;
  return new Failure(
    'fatal',
    'shadow_changed',
    `The shadow judge ${name} judged by another model, prompt or threshold before (${model}), be it its own or what it takes from the reviewer. Give this one another name, or delete the old one: millrace gc --lane ${lane}`,
  );
}
