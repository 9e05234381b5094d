import type { LookUp, Recipes } from '../../stages/lanes/recipe.ts';
import { loadPrompts } from './files/prompt-files.ts';
import { modelSettingsOf } from './model-settings.ts';
import type { ResearchMode } from './research-settings.ts';
import type { Settings } from './settings.ts';

/**
 * What each agent makes its results by, as settings and prompt files have it. Throws a Failure (`bad_prompt`).
 *
 * @param mode how the lane researches. Default: from memory.
 */
export async function recipesOf(settings: Settings, mode: ResearchMode = 'memory'): Promise<Recipes> {
  const looksUp = mode === 'sources';
  const { agents, rubric, instructions } = await loadPrompts(
    settings.prompts,
    looksUp ? 'looked up' : 'remembered',
  );
  const lookUp = lookUpOf(settings, mode);
  const { minScore, maxRevisions, holdScores, holdShare } = settings;
  const hold = {
    ...(holdScores === undefined ? {} : { scores: holdScores }),
    ...(holdShare === undefined ? {} : { share: holdShare }),
  };
  return {
    research: {
      settings: modelSettingsOf(settings, 'research'),
      prompt: agents.research,
      ...(lookUp === undefined ? {} : { lookUp }),
    },
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

/** Research from memory has none: its recipes keep the names that they had before anything could be looked up. */
function lookUpOf(
  { piecesInFront, unanswerable, researchSource }: Settings,
  mode: ResearchMode,
): LookUp | undefined {
  if (mode === 'memory') return undefined;
  if (mode === 'none') return { mode };
  const sources = researchSource === undefined ? {} : { sources: [...researchSource] };
  return { mode, piecesInFront, unanswerable, ...sources };
}
