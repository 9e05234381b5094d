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
  research: agentRecipe,
  generation: generationRecipe,
  review: reviewRecipe,
});
export type Recipes = Readonly<z.output<typeof recipesSchema>>;
export type AgentRecipe = Recipes['research'];
export type ReviewRecipe = Recipes['review'];

/** Names a recipe by its content: any change of prompt, model or settings gives another name. */
export function recipeHash(recipe: Recipes[keyof Recipes]): string {
  const { withheldBody } = recipe.settings;
  if (withheldBody !== undefined) return withheldBody.recipe;
  return createHash('sha256').update(canonical(recipe)).digest('hex').slice(0, 12);
}
