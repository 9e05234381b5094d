import type { Recipes } from '../../stages/lanes/recipe.ts';
import { loadPrompts } from './files/prompt-files.ts';
import { modelSettingsOf } from './model-settings.ts';
import type { Settings } from './settings.ts';

/** What each agent makes its results by, as settings and prompt files have it. Throws a Failure (`bad_prompt`). */
export async function recipesOf(settings: Settings): Promise<Recipes> {
  const { agents, rubric, instructions } = await loadPrompts(settings.prompts);
  const { minScore, maxRevisions, holdScores, holdShare } = settings;
  const hold = {
    ...(holdScores === undefined ? {} : { scores: holdScores }),
    ...(holdShare === undefined ? {} : { share: holdShare }),
  };
  return {
    research: { settings: modelSettingsOf(settings, 'research'), prompt: agents.research },
    generation: {
      settings: modelSettingsOf(settings, 'generation'),
      prompt: agents.generation,
      instructions,
    },
    review: {
      settings: modelSettingsOf(settings, 'review'),
      prompt: agents.review,
      rubric,
      minScore,
      maxRevisions,
      ...(Object.keys(hold).length === 0 ? {} : { hold }),
    },
  };
}
