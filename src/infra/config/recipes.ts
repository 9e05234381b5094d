import type { LookUp, Recipes, UserTurn } from '../../stages/lanes/recipe.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';
import { loadPrompts } from './files/prompt-files.ts';
import { modelSettingsOf } from './model-settings.ts';
import type { ResearchMode } from './research-settings.ts';
import type { Settings } from './settings.ts';

const OF_NEW_DATA = { mode: 'memory', userTurn: 'verbatim' } as const;

/**
 * What each agent makes its results by, as settings and prompt files have it. Throws a Failure (`bad_prompt`).
 *
 * @param lane how the lane researches and treats the user's message. Default: as one of new data.
 */
export async function recipesOf(
  settings: Settings,
  { mode, userTurn }: Readonly<{ mode: ResearchMode; userTurn: UserTurn }> = OF_NEW_DATA,
): Promise<Recipes> {
  const looksUp = mode === 'sources';
  const { agents, rubric, instructions } = await loadPrompts(
    settings.prompts,
    looksUp ? 'looked up' : 'remembered',
    userTurn,
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
      instructions: userTurn === 'rephrase' ? instructions : {},
    },
    review: {
      settings: modelSettingsOf(settings, 'review'),
      prompt: agents.review,
      rubric,
      minScore,
      maxRevisions,
      ...(Object.keys(hold).length === 0 ? {} : { hold }),
    },
    ...(userTurn === 'rephrase' ? {} : { types: typesOf(instructions) }),
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

/** Every known type with the question as the user's message, and what `--prompts` says to write. */
function typesOf(instructions: Readonly<Record<string, string>>): Recipes['types'] {
  return Object.fromEntries(
    [...trainingTypes.values()].map(({ name, instructions: own }) => [
      name,
      { userTurn: 'verbatim' as const, instructions: instructions[name] ?? own },
    ]),
  );
}
