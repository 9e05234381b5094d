import { stageSlot } from '../../stages/added/stage-slot.ts';
import { type Recipes, recipesByAgent } from '../../stages/lanes/recipe.ts';
import type { Source } from '../../stages/registry/slot.ts';
import type { AddedName } from '../../stages/rows.ts';
import type { AgentStage, StageName } from '../../stages/stage-names.ts';
import { trainingTypeSlot } from '../../stages/training-types/index.ts';
import { providedModel } from '../models/providers.ts';

/** They read or write candidates, which are of a type. */
const OF_TYPES: readonly AgentStage[] = ['generation', 'review'];

/** Which stages of a lane cannot be worked in this process for want of a part, each with what is missing and what to do. */
export function lackingIn(recipes: Recipes): ReadonlyMap<StageName, string> {
  const lacking = new Map<StageName, string>();
  for (const { name, plugin } of recipes.stages ?? []) {
    const text = lackText(`the stage ${name}`, plugin, stageSlot.sourceOf(name));
    if (text !== undefined) lacking.set(name as AddedName, text);
  }
  for (const [stage, { settings }] of recipesByAgent(recipes)) {
    const { model, provider } = settings;
    if (provider === undefined || lacking.has(stage)) continue;
    const text = lackText(`the model ${model}`, provider, providedModel(model)?.source);
    if (text !== undefined) lacking.set(stage, text);
  }
  for (const [type, by] of Object.entries(recipes.plugins ?? {})) {
    const text = lackText(`the training type ${type}`, by, trainingTypeSlot.sourceOf(type));
    if (text !== undefined) for (const stage of OF_TYPES) lacking.set(stage, lacking.get(stage) ?? text);
  }
  return lacking;
}

/**
 * What is missing where a lane works by a part, and what to do; `undefined` where nothing is.
 * @param here the plugin that has a part of this name in this process.
 */
function lackText(part: string, by: Source, here: Source | undefined): string | undefined {
  if (here?.name === by.name && here.version === by.version) return undefined;
  const came =
    here === undefined
      ? 'which is not registered here'
      : `and registered here is ${here.name} ${here.version}`;
  return `The lane works by ${part} of the plugin ${by.name} ${by.version}, ${came}. Records wait where they are: install ${by.name}@${by.version} and name it in plugins, or give the lane what is here: --new-recipe.`;
}
