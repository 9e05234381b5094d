import { stageSlot } from '../../stages/added/stage-slot.ts';
import { type Recipes, recipesByAgent } from '../../stages/lanes/recipe.ts';
import type { PartSource } from '../../stages/registry/slot.ts';
import type { AddedName } from '../../stages/rows.ts';
import type { AgentStage, StageName } from '../../stages/stage-names.ts';
import type { Tool } from '../../stages/tools/tool.ts';
import { trainingTypeSlot } from '../../stages/training-types/index.ts';
import { providedModel } from '../models/providers.ts';
import { toolHash } from '../tools/tool-hash.ts';

/** They read or write candidates, which are of a type. */
const OF_TYPES: readonly AgentStage[] = ['generation', 'review'];

/**
 * Which stages of a lane cannot be worked in this process for want of a part, each with what is missing and what to do.
 * @param tools what was opened to look things up with; `undefined` by who opened nothing, and so cannot tell what is missing.
 */
export function missingPartsIn(recipes: Recipes, tools?: readonly Tool[]): ReadonlyMap<StageName, string> {
  const lacking = new Map<StageName, string>();
  const toolText = tools === undefined ? undefined : lackingToolText(recipes, tools);
  if (toolText !== undefined) lacking.set('research', toolText);
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

/** The tools that research was begun with, and that are not the same in this process. */
function lackingToolText({ research: { lookUp } }: Recipes, tools: readonly Tool[]): string | undefined {
  if (lookUp?.mode !== 'tools') return undefined;
  const here = new Map(tools.map((tool) => [tool.name, toolHash(tool)]));
  const missing = Object.keys(lookUp.tools).filter((name) => !here.has(name));
  const changed = Object.entries(lookUp.tools).filter(
    ([name, hash]) => here.has(name) && here.get(name) !== hash,
  );
  if (missing.length + changed.length === 0) return undefined;
  const said = [
    ...(missing.length === 0 ? [] : [`${missing.join(', ')}, which this process does not have`]),
    ...(changed.length === 0
      ? []
      : [`${changed.map(([name]) => name).join(', ')}, which is another tool here by now`]),
  ];
  return `The lane looks things up with ${said.join(', and with ')}. Records wait where they are: set lookUpTools as where the lane was opened, or give the lane what is here: --new-recipe.`;
}

/**
 * What is missing where a lane works by a part, and what to do; `undefined` where nothing is.
 * @param here the plugin that has a part of this name in this process.
 */
function lackText(part: string, by: PartSource, here: PartSource | undefined): string | undefined {
  if (here?.name === by.name && here.version === by.version) return undefined;
  const came =
    here === undefined
      ? 'which is not registered here'
      : `and registered here is ${here.name} ${here.version}`;
  return `The lane works by ${part} of the plugin ${by.name} ${by.version}, ${came}. Records wait where they are: install ${by.name}@${by.version} and name it in plugins, or give the lane what is here: --new-recipe.`;
}
