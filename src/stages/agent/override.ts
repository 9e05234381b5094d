import { z } from 'zod';
import type { AgentRecipe } from '../lanes/recipe.ts';

/**
 * What an operator changes for one work that is sent again. It travels in the record, so that every worker honours it, and
 * ends with the work: later stages go by the recipes of the lane.
 */
export const overrideSchema = z.object({
  model: z.string().min(1).max(200).optional(),
  maxOutputTokens: z.number().int().positive().optional(),
  /** Calls for any failure, the first included. */
  maxAttempts: z.number().int().min(1).max(100).optional(),
});
export type Override = Readonly<z.output<typeof overrideSchema>>;

/** The recipe that the work is really done by: it is the one whose name stands with the result. */
export function overridden<Recipe extends AgentRecipe>(
  recipe: Recipe,
  override: Override | undefined,
): Recipe {
  const { model, maxOutputTokens } = override ?? {};
  if (model === undefined && maxOutputTokens === undefined) return recipe;
  // The plugin that brought the model of the lane has nothing to do with another model.
  const { provider, ...existing } = recipe.settings;
  const kept = model === undefined && provider !== undefined ? { ...existing, provider } : existing;
  const changed = {
    ...(model === undefined ? {} : { model }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  return { ...recipe, settings: { ...kept, ...changed } };
}
