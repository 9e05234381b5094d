import { hash } from 'node:crypto';
import { z } from 'zod';
import type { ModelSettings } from '../agent/chat-model.ts';
import { type AddedName, type AgentStage, isOurAgent } from '../rows.ts';
import { canonical } from '../text/canonical-json.ts';

const modelSettings = z.object({
  model: z.string(),
  temperature: z.number().optional(),
  seed: z.number().int().optional(),
  maxOutputTokens: z.number().int().positive().optional(),
  extraBody: z.record(z.string(), z.unknown()).optional(),
  withheldBody: z.object({ mark: z.string(), recipe: z.string() }).optional(),
  provider: z.object({ name: z.string(), version: z.string() }).optional(),
});

/** Lanes that were stored before `maxOutputTokens` had this name called it `maxTokens`. */
const modelSettingsSchema: z.ZodType<ModelSettings> = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('maxTokens' in value)) return value;
  const { maxTokens, ...rest } = value;
  return { maxOutputTokens: maxTokens, ...rest };
}, modelSettings);

const promptSchema = z.object({ system: z.string(), user: z.string() });
export type Prompt = Readonly<z.output<typeof promptSchema>>;

const criterionNameSchema = z
  .string()
  .regex(/^\p{L}[\p{L}\p{M}\p{N}_]{0,40}$/u, 'expected a name like correctness');
export const rubricSchema = z.record(criterionNameSchema, z.string().min(1));
/** What the judge scores: the name of each criterion and what it means. */
export type Rubric = Readonly<z.output<typeof rubricSchema>>;

export const USER_TURNS = ['verbatim', 'rephrase'] as const;
/** Whether the user's message of an example is the question itself, word for word, or is written anew by the model. */
export type UserTurn = (typeof USER_TURNS)[number];

/** What a lane has a training type written by. */
const typeEntrySchema = z.object({
  userTurn: z.enum(USER_TURNS),
  instructions: z.string(),
  /** The type itself, where it is data. */
  definition: z.record(z.string(), z.unknown()).optional(),
});
export type TypeEntry = Readonly<z.output<typeof typeEntrySchema>>;

const agentRecipe = z.object({ settings: modelSettingsSchema, prompt: promptSchema });
/** How far the look-ups of one question go: the first bound that is reached makes the next answer the last. */
const boundsSchema = z.object({
  turns: z.number().int().positive(),
  calls: z.number().int().positive(),
  tokens: z.number().int().positive(),
  characters: z.number().int().positive(),
  seconds: z.number().positive(),
  usd: z.number().nonnegative().optional(),
});
export type LookUpBounds = Readonly<z.output<typeof boundsSchema>>;

const looksThrough = {
  piecesInFront: z.number().int().positive(),
  unanswerable: z.enum(['drop', 'keep']),
  /** Names of sources. Absent: all of them. */
  sources: z.array(z.string()).optional(),
};

/** How research looks things up, where it does not rest on what the model knows. */
const lookUpSchema = z.discriminatedUnion('mode', [
  /** Nothing is researched, and nobody is asked. */
  z.object({ mode: z.literal('none') }),
  z.object({ mode: z.literal('sources'), ...looksThrough }),
  /** The model looks things up itself, within bounds. */
  z.object({
    mode: z.literal('tools'),
    ...looksThrough,
    /** What it may call, by name, and what names each as the model is told of it. */
    tools: z.record(z.string(), z.string()),
    bounds: boundsSchema,
  }),
]);
export type LookUp = Readonly<z.output<typeof lookUpSchema>>;

const researchRecipe = agentRecipe.extend({
  /** Absent: from memory. So it is for lanes of 0.1.0, whose recipes keep their names. */
  lookUp: lookUpSchema.optional(),
});
const generationRecipe = agentRecipe.extend({
  /** Whether statements carry the marks of the quotes that prove them. */
  cite: z.literal(true).optional(),
  /** What to write, per training type, where `types` does not say it. */
  instructions: z.record(z.string(), z.string()),
});
const reviewRecipe = agentRecipe.extend({
  rubric: rubricSchema,
  /** The lowest score that passes, on every criterion. */
  minScore: z.number(),
  maxRevisions: z.number().int().nonnegative(),
  /** What a person is asked before a verdict counts. Absent: nothing. */
  hold: z
    .object({
      /** Scores from, and to, both included. */
      scores: z.tuple([z.number(), z.number()]).optional(),
      /** Of all verdicts, from 0 to 1. */
      share: z.number().min(0).max(1).optional(),
    })
    .optional(),
});

const pluginSchema = z.object({ name: z.string(), version: z.string() });
const placeSchema = z.object({
  name: z.string(),
  after: z.string(),
  status: z.string(),
  plugin: pluginSchema,
});
/** A stage of a plugin as a lane has it: its place, who brings it and, where it asks a model, by what. */
const addedStageSchema = z.union([placeSchema.extend(agentRecipe.shape), placeSchema]);
export type LaneStage = Readonly<z.output<typeof addedStageSchema>>;

/** What a stage makes its results by: prompt, model and settings. A lane carries one for each agent. */
export const recipesSchema = z.object({
  research: researchRecipe,
  generation: generationRecipe,
  review: reviewRecipe,
  /**
   * Which plugin brings a training type, in which version, by the name of the type. It names no recipe: a type that is added
   * makes nobody's results look outdated.
   */
  plugins: z.record(z.string(), pluginSchema).optional(),
  /** By name. Absent in lanes of 0.1.0, and of types that are written as they were then. */
  types: z.record(z.string(), typeEntrySchema).optional(),
  /** The stages of plugins that its questions go through beside ours. Absent: none. A lane from before a stage goes on without it. */
  stages: z.array(addedStageSchema).optional(),
});
export type Recipes = Readonly<z.output<typeof recipesSchema>>;
export type AgentRecipe = Readonly<z.output<typeof agentRecipe>>;
export type ReviewRecipe = Recipes['review'];

/** How the lane treats the user's message, as far as its recipes say it. */
export function userTurnOf({ types = {} }: Recipes): UserTurn {
  const own = Object.values(types).filter(({ definition }) => definition === undefined);
  return own.some(({ userTurn }) => userTurn === 'verbatim') ? 'verbatim' : 'rephrase';
}

/** By what an agent asks in a lane; `undefined` where the lane has no such stage, or one that asks nobody. */
export function recipeIn(recipes: Recipes, stage: AgentStage): AgentRecipe | undefined {
  if (isOurAgent(stage)) return recipes[stage];
  const added = recipes.stages?.find(({ name }) => name === stage);
  return added !== undefined && 'settings' in added ? added : undefined;
}

function addedName({ name }: LaneStage): AddedName {
  return name as AddedName;
}

/** Each agent of a lane with that by which it asks, ours first. */
export function recipesByAgent(recipes: Recipes): readonly (readonly [AgentStage, AgentRecipe])[] {
  const { research, generation, review, stages = [] } = recipes;
  const added = stages.flatMap((stage) => ('settings' in stage ? [[addedName(stage), stage] as const] : []));
  return [['research', research], ['generation', generation], ['review', review], ...added];
}

const typed = new WeakMap<AgentRecipe, Map<TypeEntry, Recipes['generation']>>();

/**
 * The recipe by which a question of the type is written: named by settings, prompt and the entry of its own type, so that a new type
 * makes no result of another look outdated. The same object for the same lane and type.
 */
export function generationRecipeFor(
  { generation, types = {} }: Recipes,
  type: string,
): Recipes['generation'] {
  const entry = Object.hasOwn(types, type) ? types[type] : undefined;
  if (entry === undefined) return generation;
  const known = typed.get(generation) ?? new Map<TypeEntry, Recipes['generation']>();
  typed.set(generation, known);
  const recipe = known.get(entry) ?? Object.assign({ type: entry }, generation);
  known.set(entry, recipe);
  return recipe;
}

const judged = new WeakMap<AgentRecipe, Map<TypeEntry, ReviewRecipe>>();
const ownRubric = z.object({ rubric: rubricSchema });

/**
 * The recipe by which a candidate of the type is judged. A type that is data may have criteria of its own, and a view for the judge:
 * then its entry is a part of the name. The same object for the same lane and type.
 */
export function reviewRecipeFor({ review, types = {} }: Recipes, type: string): ReviewRecipe {
  const entry = Object.hasOwn(types, type) ? types[type] : undefined;
  if (entry?.definition === undefined) return review;
  const known = judged.get(review) ?? new Map<TypeEntry, ReviewRecipe>();
  judged.set(review, known);
  const { rubric } = ownRubric.safeParse(entry.definition).data ?? {};
  const recipe =
    known.get(entry) ?? Object.assign({ type: entry }, review, { rubric: { ...review.rubric, ...rubric } });
  known.set(entry, recipe);
  return recipe;
}

/** The names of all recipes by which the agent makes results in a lane. */
export function recipeNames(recipes: Recipes, stage: AgentStage): ReadonlySet<string> {
  const isOfTypes = stage === 'generation' || stage === 'review';
  const types = isOfTypes ? Object.keys(recipes.types ?? {}) : [];
  const of = stage === 'review' ? reviewRecipeFor : generationRecipeFor;
  const own = recipeIn(recipes, stage);
  const all = [...(own === undefined ? [] : [own]), ...types.map((type) => of(recipes, type))];
  return new Set(all.map(recipeHash));
}

/** What differs exactly where an agent's recipe of a lane does: by it two lanes are compared. */
export function recipeMark(recipes: Recipes, stage: AgentStage): string {
  const recipe = recipeIn(recipes, stage);
  const own = recipe === undefined ? '' : recipeHash(recipe);
  if (stage !== 'generation' || recipes.types === undefined) return own;
  return hash('sha256', canonical([own, recipes.types])).slice(0, 12);
}

/** Names a recipe by its content: any change of prompt, model or settings gives another name. */
export function recipeHash(recipe: AgentRecipe): string {
  const { withheldBody } = recipe.settings;
  if (withheldBody !== undefined) return withheldBody.recipe;
  return hash('sha256', canonical(recipe)).slice(0, 12);
}
