import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { inLanguage, writtenIn } from '../../../stages/agent/prompt-language.ts';
import { type GroundedPrompt, PROMPT_RULES } from '../../../stages/agent/prompt-rules.ts';
import { checkTemplates } from '../../../stages/agent/template.ts';
import { GENERATION_PROMPT, GROUNDED_GENERATION_PROMPT } from '../../../stages/generation/prompt.ts';
import { FIRST_PROMPTS } from '../../../stages/lanes/first-prompts.ts';
import { type Prompt, type Rubric, rubricSchema, type UserTurn } from '../../../stages/lanes/recipe.ts';
import { LOOK_UP_PROMPT, RESEARCH_PROMPT } from '../../../stages/research/prompt.ts';
import {
  GROUNDED_REVIEW_PROMPT,
  GROUNDED_RUBRIC,
  REVIEW_PROMPT,
  RUBRIC,
} from '../../../stages/review/prompt.ts';
import type { OurAgent } from '../../../stages/table.ts';
import { OWN_TYPES } from '../../../stages/training-types/index.ts';
import { formOf } from '../../../stages/training-types/training-type.ts';
import { Failure } from '../../../streams/failure.ts';

/** Everything that is written for a model to read. */
export type Prompts = Readonly<{
  agents: Readonly<Record<OurAgent, Prompt>>;
  rubric: Rubric;
  /** What to write, per training type of ours. A plugin's type brings its own: a new one renames nobody's recipe. */
  instructions: Readonly<Record<string, string>>;
}>;

type PromptName = OurAgent | GroundedPrompt;

/** Each pair of files, in the order in which they are written out. */
const BUILT_IN: Readonly<Record<PromptName, Prompt>> = {
  research: RESEARCH_PROMPT,
  generation: GENERATION_PROMPT,
  review: REVIEW_PROMPT,
  'look-up': LOOK_UP_PROMPT,
  'generation.look-up': GROUNDED_GENERATION_PROMPT,
  'review.look-up': GROUNDED_REVIEW_PROMPT,
};

/** Which files each agent goes by. */
const NAMES: Readonly<Record<'remembered' | 'looked up', Readonly<Record<OurAgent, PromptName>>>> = {
  remembered: { research: 'research', generation: 'generation', review: 'review' },
  'looked up': { research: 'look-up', generation: 'generation.look-up', review: 'review.look-up' },
};

const RUBRICS = { remembered: RUBRIC, 'looked up': GROUNDED_RUBRIC } as const;

/** Where the model writes the user's message too, the prompts are those of 0.1.0, and the types those that there were. */
const REPHRASING: Readonly<Record<PromptName, Prompt>> = { ...BUILT_IN, ...FIRST_PROMPTS };

function instructionsFor(userTurn: UserTurn): Readonly<Record<string, string>> {
  const types = OWN_TYPES.filter(({ rephrased }) => userTurn === 'verbatim' || rephrased !== undefined);
  return Object.fromEntries(types.map((type) => [type.name, formOf(type, userTurn).instructions]));
}

const RUBRIC_FILE = 'rubric.yaml';
const systemFile = (stage: string) => `${stage}.system.md`;
const userFile = (stage: string) => `${stage}.user.md`;
const typeFile = (type: string) => `type.${type}.md`;

/** The built-in prompts as the files that `--prompts` reads: a start for one's own. */
export function builtInPromptFiles(userTurn: UserTurn = 'verbatim'): ReadonlyMap<string, string> {
  const prompts = userTurn === 'rephrase' ? REPHRASING : BUILT_IN;
  return new Map([
    ...Object.entries(prompts).flatMap(([name, { system, user }]): [string, string][] => [
      [systemFile(name), system],
      [userFile(name), user],
    ]),
    ...Object.entries(instructionsFor(userTurn)).map(([type, text]): [string, string] => [
      typeFile(type),
      text,
    ]),
    [RUBRIC_FILE, rubricText(RUBRIC)],
  ]);
}

function rubricText(rubric: Rubric): string {
  return Object.entries(rubric)
    .map(([name, meaning]) => `${name}: ${JSON.stringify(meaning)}`)
    .join('\n');
}

/**
 * The prompts, with the files of `directory` in the place of built-in ones. Throws a Failure (`bad_prompt`) for an
 * unknown file, an unknown or a missing `{{name}}`, and a rubric that is none.
 *
 * @param research where what is said rests on: the built-in rubric asks for more where it was looked up.
 * @param userTurn how the user's message is treated: the built-in prompts differ.
 * @param language the name of what is written in. Default: that of each question.
 */
export async function loadPrompts(
  directory: string | undefined,
  research: 'remembered' | 'looked up',
  userTurn: UserTurn,
  language?: string,
): Promise<Prompts> {
  const files = new Map(builtInPromptFiles(userTurn));
  files.delete(RUBRIC_FILE);
  if (directory !== undefined)
    for (const name of await list(directory))
      files.set(name, await readFile(await within(directory, name), 'utf8'));
  const text = (name: string) => files.get(name)?.trim() ?? '';
  const agentPrompt = (stage: OurAgent): Prompt => {
    const name = NAMES[research][stage];
    const [system, user] = [text(systemFile(name)), text(userFile(name))];
    checkTemplates({ [systemFile(name)]: system, [userFile(name)]: user }, PROMPT_RULES[name]);
    return (stage === 'generation' ? writtenIn : inLanguage)({ system, user }, language);
  };
  return {
    agents: {
      research: agentPrompt('research'),
      generation: agentPrompt('generation'),
      review: agentPrompt('review'),
    },
    // A start need not read again what is built in.
    rubric: files.has(RUBRIC_FILE) ? parseRubric(text(RUBRIC_FILE)) : RUBRICS[research],
    instructions: Object.fromEntries(
      Object.keys(instructionsFor(userTurn)).map((name) => [name, text(typeFile(name))]),
    ),
  };
}

/** The prompts for lanes of either treatment of the user's message. Throws as `loadPrompts` does. */
export async function promptsOfBoth(
  directory: string | undefined,
): Promise<Readonly<Record<UserTurn, Prompts>>> {
  const verbatim = await loadPrompts(directory, 'remembered', 'verbatim');
  return { verbatim, rephrase: await loadPrompts(directory, 'remembered', 'rephrase') };
}

async function list(directory: string): Promise<string[]> {
  const known = [...builtInPromptFiles().keys()];
  const names = await readdir(directory).catch((cause: unknown) => {
    const message = `Cannot read the prompts in ${directory}: it is no directory that can be read.`;
    throw new Failure('fatal', 'bad_prompt', message, { cause });
  });
  const files = names.filter((name) => !name.startsWith('.') && name !== 'README.md');
  const unknown = files.filter((name) => !known.includes(name));
  if (unknown.length === 0) return files;
  const message = `${directory} holds ${unknown.join(', ')}, which nobody reads. Known are ${known.join(', ')}.`;
  throw new Failure('fatal', 'bad_prompt', message);
}

/** The path of a prompt file. One that is a link out of the directory may be any file of the user, and is sent to nobody. */
async function within(directory: string, name: string): Promise<string> {
  const [folder, path] = await Promise.all([realpath(directory), realpath(join(directory, name))]).catch(
    (cause: unknown) => {
      throw new Failure('fatal', 'bad_prompt', `Cannot read the prompt ${join(directory, name)}.`, { cause });
    },
  );
  if (path.startsWith(`${folder}${sep}`)) return path;
  const message = `The prompt ${join(directory, name)} is a link to a file outside of ${directory}: put the file itself there.`;
  throw new Failure('fatal', 'bad_prompt', message);
}

function parseRubric(text: string): Rubric {
  const parsed = rubricSchema.safeParse(parseYaml(text));
  if (parsed.success && Object.keys(parsed.data).length > 0) return parsed.data;
  const problem = parsed.success ? 'it names no criterion' : z.prettifyError(parsed.error);
  const message = `${RUBRIC_FILE}: expected lines like "clarity: what it means"; ${problem}.`;
  throw new Failure('fatal', 'bad_prompt', message);
}
