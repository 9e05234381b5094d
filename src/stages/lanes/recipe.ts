import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ModelSettings } from '../agent/chat-model.ts';
import { canonical } from '../text/canonical.ts';

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

const criterionNameSchema = z.string().regex(/^[a-z][a-z_]{0,40}$/, 'expected a name like correctness');
export const rubricSchema = z.record(criterionNameSchema, z.string().min(1));
/** What the judge scores: the name of each criterion and what it means. */
export type Rubric = Readonly<z.output<typeof rubricSchema>>;

const agentRecipe = z.object({ settings: modelSettingsSchema, prompt: promptSchema });
/** How research looks things up, where it does not rest on what the model knows. */
const lookUpSchema = z.discriminatedUnion('mode', [
  /** Nothing is researched, and nobody is asked. */
  z.object({ mode: z.literal('none') }),
  z.object({
    mode: z.literal('sources'),
    piecesInFront: z.number().int().positive(),
    unanswerable: z.enum(['drop', 'keep']),
    /** Names of sources. Absent: all of them. */
    sources: z.array(z.string()).optional(),
  }),
]);
export type LookUp = Readonly<z.output<typeof lookUpSchema>>;

const researchRecipe = agentRecipe.extend({
  /** Absent: from memory. So it is for lanes of 0.1.0, whose recipes keep their names. */
  lookUp: lookUpSchema.optional(),
});
const generationRecipe = agentRecipe.extend({
  /** What to write, per training type. */
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

/** What a stage makes its results by: prompt, model and settings. A lane carries one for each agent. */
export const recipesSchema = z.object({
  research: researchRecipe,
  generation: generationRecipe,
  review: reviewRecipe,
});
export type Recipes = Readonly<z.output<typeof recipesSchema>>;
export type AgentRecipe = Readonly<z.output<typeof agentRecipe>>;
export type ReviewRecipe = Recipes['review'];

/** Names a recipe by its content: any change of prompt, model or settings gives another name. */
export function recipeHash(recipe: Recipes[keyof Recipes]): string {
  const { withheldBody } = recipe.settings;
  if (withheldBody !== undefined) return withheldBody.recipe;
  return createHash('sha256').update(canonical(recipe)).digest('hex').slice(0, 12);
}
