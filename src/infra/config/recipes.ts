import { taggedPrompt } from '../../stages/added/prompt.ts';
import { stageSlot } from '../../stages/added/stage-slot.ts';
import { inLanguage, languageName } from '../../stages/agent/prompt-language.ts';
import type { LaneStage, LookUp, Recipes, TypeEntry, UserTurn } from '../../stages/lanes/recipe.ts';
import { addedRows } from '../../stages/table.ts';
import type { Tool } from '../../stages/tools/tool.ts';
import { trainingTypeSlot, trainingTypes } from '../../stages/training-types/index.ts';
import type { AnyTrainingType } from '../../stages/training-types/training-type.ts';
import { Failure } from '../../streams/failure.ts';
import { toolHash } from '../tools/tool-hash.ts';
import { loadPrompts } from './files/prompt-files.ts';
import { modelSettingsOf } from './model/model-settings.ts';
import type { ResearchMode } from './research-settings.ts';
import type { Settings } from './settings.ts';

const NOTHING_TO_CITE =
  '--cite marks the quotes that answers rest on, and these rest on none: add --research sources, or leave --cite out.';
const OF_NEW_DATA = { mode: 'memory', userTurn: 'verbatim' } as const;

/** How a lane researches, with which tools, and how it treats the user's message. */
export type HowResearched = Readonly<{
  mode: ResearchMode;
  userTurn: UserTurn;
  tools?: readonly Tool[] | undefined;
}>;

/**
 * What each agent makes its results by, as settings and prompt files have it. Throws Failures (`bad_prompt`, `bad_setting`).
 *
 * @param lane how the lane researches and treats the user's message. Default: as one of new data.
 */
export async function recipesOf(
  settings: Settings,
  { mode, userTurn, tools = [] }: HowResearched = OF_NEW_DATA,
): Promise<Recipes> {
  const looksUp = mode === 'sources' || mode === 'tools';
  if (settings.cite && !looksUp) throw new Failure('fatal', 'bad_setting', NOTHING_TO_CITE);
  const { agents, rubric, instructions } = await loadPrompts(
    settings.prompts,
    looksUp ? 'looked up' : 'remembered',
    userTurn,
    languageOf(settings),
  );
  const lookUp = lookUpOf(settings, mode, tools);
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
      ...(settings.cite && looksUp ? { cite: true as const } : {}),
    },
    review: {
      settings: modelSettingsOf(settings, 'review'),
      prompt: agents.review,
      rubric,
      minScore,
      maxRevisions,
      ...(Object.keys(hold).length === 0 ? {} : { hold }),
    },
    ...typesOf(instructions, userTurn, languageOf(settings)),
    ...pluginsOf(),
    ...stagesOf(settings),
  };
}

/** Research from memory has none: its recipes keep the names that they had before anything could be looked up. */
function lookUpOf(
  { piecesInFront, unanswerable, researchSource, lookUps: bounds }: Settings,
  mode: ResearchMode,
  tools: readonly Tool[],
): LookUp | undefined {
  if (mode === 'memory') return undefined;
  if (mode === 'none') return { mode };
  const sources = researchSource === undefined ? {} : { sources: [...researchSource] };
  const through = { piecesInFront, unanswerable, ...sources };
  if (mode === 'sources') return { mode, ...through };
  const named = Object.fromEntries(tools.map((tool) => [tool.name, toolHash(tool)]));
  return { mode, ...through, tools: named, bounds };
}

/**
 * What types are written by. In lanes that take the question as the user's message that is every known type; in others those alone that are
 * data, and the rest is written as in 0.1.0.
 */
function typesOf(
  instructions: Readonly<Record<string, string>>,
  userTurn: UserTurn,
  language: string | undefined,
): Pick<Recipes, 'types'> {
  const known = [...trainingTypes.values()];
  const meant = known.filter(({ definition }) => userTurn === 'verbatim' || definition !== undefined);
  if (meant.length === 0) return {};
  const entries = meant.map((type): [string, TypeEntry] => [
    type.name,
    {
      userTurn: userTurnIn(type),
      instructions:
        type.definition === undefined
          ? (instructions[type.name] ?? type.instructions)
          : inLanguage({ system: type.instructions, user: '' }, language).system,
      ...(type.definition === undefined ? {} : { definition: { ...type.definition } }),
    },
  ]);
  return { types: Object.fromEntries(entries) };
}

/** Which plugins bring types: those that are data travel with the lane, and ours are everywhere. */
function pluginsOf(): Pick<Recipes, 'plugins'> {
  const brought = [...trainingTypes.values()].flatMap(({ name, definition }) => {
    const by = trainingTypeSlot.sourceOf(name);
    return by === undefined || by.version === '' || definition !== undefined ? [] : [[name, by] as const];
  });
  return brought.length === 0 ? {} : { plugins: Object.fromEntries(brought) };
}

function languageOf({ language }: Settings): string | undefined {
  return language === undefined ? undefined : languageName(language);
}

/** The stages of plugins, in the order of the stream. */
function stagesOf(settings: Settings): Pick<Recipes, 'stages'> {
  const stages = addedRows().map(({ name, stage }): LaneStage => {
    const { after, status } = stage;
    const plugin = stageSlot.sourceOf(name) ?? { name: '', version: '' };
    const place = { name, after, status, plugin };
    if (!stage.asksModel) return place;
    return {
      ...place,
      settings: modelSettingsOf(settings, name),
      prompt: inLanguage(taggedPrompt(stage.prompt), languageOf(settings)),
    };
  });
  return stages.length === 0 ? {} : { stages };
}

function userTurnIn({ definition }: AnyTrainingType): UserTurn {
  return definition?.['user_turn'] === 'rephrase' ? 'rephrase' : 'verbatim';
}
