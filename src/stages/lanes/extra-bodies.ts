import { hash } from 'node:crypto';
import { Failure } from '../../streams/failure.ts';
import type { ModelSettings } from '../agent/chat-model.ts';
import { canonical } from '../text/canonical-json.ts';
import type { Lane } from './lane.ts';
import { type AgentRecipe, type Recipes, recipeHash, recipesByAgent } from './recipe.ts';

type ExtraBody = NonNullable<ModelSettings['extraBody']>;

const MARK_LETTERS = 16;

/** The extra bodies that the settings of this process hold: a lane names the one it goes by, and holds none. */
export class ExtraBodies {
  readonly #byMark: ReadonlyMap<string, ExtraBody>;

  constructor(bodies: readonly (ExtraBody | undefined)[] = []) {
    const given = bodies.filter((body) => body !== undefined);
    this.#byMark = new Map(given.map((body) => [markOf(body), body]));
  }

  /** The lane with the bodies that are known here; what another process knows stays withheld. */
  restored(lane: Lane): Lane {
    const known = recipesByAgent(lane.recipes).every(
      ([, { settings }]) => settings.withheldBody === undefined,
    );
    if (known) return lane;
    return { ...lane, recipes: mapped(lane.recipes, (recipe) => this.#restoredRecipe(recipe)) };
  }

  #restoredRecipe<Recipe extends AgentRecipe>(recipe: Recipe): Recipe {
    const { withheldBody, ...settings } = recipe.settings;
    const extraBody = withheldBody === undefined ? undefined : this.#byMark.get(withheldBody.mark);
    return extraBody === undefined ? recipe : { ...recipe, settings: { ...settings, extraBody } };
  }
}

/** A lane as JSON for a store: of an extra body, which may hold a key, only a mark. */
export function laneText(lane: Lane): string {
  return JSON.stringify(withheld(lane));
}

/** The lane as it may be kept: each recipe under the name that it has with its extra body. */
export function withheld(lane: Lane): Lane {
  return { ...lane, recipes: mapped(lane.recipes, withheldRecipe) };
}

function withheldRecipe<Recipe extends AgentRecipe>(recipe: Recipe): Recipe {
  const { extraBody, ...settings } = recipe.settings;
  if (extraBody === undefined) return recipe;
  const withheldBody = { mark: markOf(extraBody), recipe: recipeHash(recipe) };
  return { ...recipe, settings: { ...settings, withheldBody } };
}

/** Throws a Failure (`no_extra_body`) for a recipe whose extra body is not known here: nothing can be asked by it. */
export function assertWhole({ settings }: AgentRecipe): void {
  if (settings.withheldBody === undefined) return;
  const message = `The lane asks ${settings.model} with an extra body (extraBody) that these settings do not hold. It may hold a key, so no store keeps it: set MILLRACE_EXTRA_BODY, or the extraBody of that agent, as the process had it that opened the lane. Where it has changed, as with a new key: a run or worker with --new-recipe gives its own to all workers.`;
  throw new Failure('fatal', 'no_extra_body', message);
}

function mapped(recipes: Recipes, change: <Recipe extends AgentRecipe>(recipe: Recipe) => Recipe): Recipes {
  return {
    ...recipes,
    research: change(recipes.research),
    generation: change(recipes.generation),
    review: change(recipes.review),
    ...(recipes.stages === undefined
      ? {}
      : { stages: recipes.stages.map((stage) => ('settings' in stage ? change(stage) : stage)) }),
  };
}

function markOf(body: ExtraBody): string {
  return hash('sha256', canonical(body)).slice(0, MARK_LETTERS);
}
