import type { Lane } from '../../../stages/lanes/lane.ts';
import { recipeIn } from '../../../stages/lanes/recipe.ts';
import type { Differing } from './run-lane.ts';

/**
 * What a person is told whose settings would make another recipe than the lane has.
 *
 * @param toChange what to say for the recipe of these settings to count for everybody.
 */
export function differingText(
  { stages, counts }: Differing,
  { name, recipes }: Lane,
  toChange = '--new-recipe',
): string {
  const which = stages.join(', ');
  if (counts === 'of this process')
    return `The recipe of ${which} (model, prompt, settings) has changed: new questions are worked by the new one.`;
  const models = stages
    .map((stage) => `model of ${stage}: ${recipeIn(recipes, stage)?.settings.model}`)
    .join(', ');
  return `The settings here differ from the recipe of lane ${name} in ${which}. The lane's recipe counts for every worker (${models}), whoever starts. To change it for all of them: ${toChange}`;
}
