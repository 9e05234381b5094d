import type { Engine } from '../../infra/engine.ts';
import { type Lane, MAIN_LANE } from '../../stages/lane.ts';
import { type ReviewRecipe, recipeHash } from '../../stages/recipe.ts';
import { shadowGroupOf, shadowLaneOf } from '../../stages/shadow/shadow-name.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import { Failure } from '../../streams/failure.ts';

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
  const { engine, name, recipe, live } = options;
  const { lanes } = engine.store;
  const known = await lanes.get(shadowLaneOf(name));
  if (known !== undefined) return asBefore(known, options);
  await beginAtLive(options).catch(async (failure: unknown) => {
    if ((await lanes.get(shadowLaneOf(name))) === undefined) throw failure;
  });
  const lane: Lane = {
    ...{ name: shadowLaneOf(name), parent: MAIN_LANE, shadow: true, simulated: live.simulated },
    recipes: { ...live.recipes, review: recipe },
    createdAt: new Date().toISOString(),
  };
  // Another process may have opened it meanwhile.
  const standing = await lanes.get(lane.name);
  if (standing !== undefined) return asBefore(standing, options);
  await lanes.put(lane);
  return lane;
}

function asBefore(known: Lane, { name, recipe }: ShadowLaneOptions): Lane {
  if (recipeHash(known.recipes.review) === recipeHash(recipe)) return known;
  throw new Failure(
    'fatal',
    'shadow_changed',
    `The shadow judge ${name} judged by another model, prompt or threshold before (${known.recipes.review.settings.model}). Give this one another name, or delete the old one first: millrace gc --lane ${known.name}`,
  );
}

/** Rejects where a shadow of that name is at work already: then its lane is there, or will be. */
async function beginAtLive({ engine, namespace, name }: ShadowLaneOptions): Promise<void> {
  const topic = topicsOf(namespace).review;
  const committed = await engine.log.committedOffsets(groupOf(namespace, 'review'), topic);
  if (committed.size > 0) await engine.log.setOffsets(shadowGroupOf(namespace, name), topic, committed);
}
