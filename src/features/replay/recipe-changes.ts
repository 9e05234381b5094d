import { hash } from 'node:crypto';
import type { Prompts } from '../../infra/config/files/prompt-files.ts';
import { assertWhole } from '../../stages/lanes/extra-bodies.ts';
import {
  type AgentRecipe,
  type Recipes,
  recipeIn,
  recipesByAgent,
  type TypeEntry,
  type UserTurn,
  userTurnOf,
} from '../../stages/lanes/recipe.ts';
import { type AgentStage, agentStages } from '../../stages/stage-names.ts';
import type { OurAgent } from '../../stages/table.ts';
import { canonical } from '../../stages/text/canonical-json.ts';
import { withoutUndefined } from '../../streams/without-undefined.ts';

/** What a new lane shall do differently from its source. What is left out stays as the source has it. */
export type RecipeChanges = Readonly<{
  models?: Readonly<Partial<Record<AgentStage, string>>>;
  temperature?: number | undefined;
  maxOutputTokens?: number | undefined;
  /** For lanes of either treatment of the user's message. */
  prompts?: Readonly<Record<UserTurn, Prompts>> | undefined;
  minScore?: number | undefined;
  maxRevisions?: number | undefined;
}>;

/** The recipes of the source with the changes. Throws a Failure (`no_extra_body`) for one that is known only in part. */
export function changedRecipes(source: Recipes, changes: RecipeChanges): Recipes {
  const changed = withChanges(source, changes);
  for (const [stage, recipe] of recipesByAgent(source))
    if (canonical(recipeIn(changed, stage)) !== canonical(recipe)) assertWhole(recipe);
  return changed;
}

function withChanges(source: Recipes, changes: RecipeChanges): Recipes {
  const { minScore, maxRevisions } = changes;
  const prompts = changes.prompts?.[userTurnOf(source)];
  const { instructions, ...generation } = source.generation;
  const { rubric, ...review } = source.review;
  return {
    ...withInstructions(source, prompts),
    research: changedAgent('research', source.research, changes, prompts),
    generation: {
      ...changedAgent('generation', generation, changes, prompts),
      instructions: source.types === undefined ? (prompts?.instructions ?? instructions) : instructions,
    },
    review: {
      ...review,
      ...changedAgent('review', review, changes, prompts),
      rubric: prompts?.rubric ?? rubric,
      ...withoutUndefined({ minScore, maxRevisions }),
    },
    ...withStages(source, changes),
  };
}

/** The prompt of a stage that a plugin brought is the plugin's. */
function withStages({ stages }: Recipes, changes: RecipeChanges): Pick<Recipes, 'stages'> {
  if (stages === undefined) return {};
  return {
    stages: stages.map((stage) =>
      'settings' in stage
        ? { ...stage, settings: changedSettings(stage.name, stage.settings, changes) }
        : stage,
    ),
  };
}

function withInstructions({ types }: Recipes, prompts: Prompts | undefined): Pick<Recipes, 'types'> {
  if (types === undefined) return {};
  const changed = Object.entries(types).map(([name, entry]): [string, TypeEntry] => [
    name,
    { ...entry, instructions: prompts?.instructions[name] ?? entry.instructions },
  ]);
  return { types: Object.fromEntries(changed) };
}

function changedAgent(
  stage: OurAgent,
  { settings, prompt }: AgentRecipe,
  changes: RecipeChanges,
  prompts: Prompts | undefined,
): AgentRecipe {
  return { settings: changedSettings(stage, settings, changes), prompt: prompts?.agents[stage] ?? prompt };
}

function changedSettings(
  stage: string,
  settings: AgentRecipe['settings'],
  { models = {}, temperature, maxOutputTokens }: RecipeChanges,
): AgentRecipe['settings'] {
  const [, model] = Object.entries(models).find(([name]) => name === stage) ?? [];
  return { ...settings, ...withoutUndefined({ model, temperature, maxOutputTokens }) };
}

/** The changes by name, in words that can be compared and shown. */
export function namedChanges({ models = {}, prompts, ...plain }: RecipeChanges): Record<string, string> {
  const named = Object.entries(plain).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(agentStages().flatMap((stage) => pairOf(`model of ${stage}`, models[stage]))),
    ...Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
    ...(prompts === undefined
      ? {}
      : { prompts: hash('sha256', JSON.stringify(prompts.rephrase), 'hex').slice(0, 12) }),
  };
}

function pairOf(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
