import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { PROMPT_RULES } from '../../../stages/agent/prompt-rules.ts';
import { checkTemplates } from '../../../stages/agent/template.ts';
import { GENERATION_PROMPT } from '../../../stages/generation/prompt.ts';
import { type Prompt, type Rubric, rubricSchema } from '../../../stages/lanes/recipe.ts';
import { RESEARCH_PROMPT } from '../../../stages/research/prompt.ts';
import { REVIEW_PROMPT, RUBRIC } from '../../../stages/review/prompt.ts';
import { AGENT_STAGES, type AgentStage } from '../../../stages/stage-names.ts';
import { OWN_TYPES } from '../../../stages/training-types/index.ts';
import { Failure } from '../../../streams/failure.ts';

/** Everything that is written for a model to read. */
export type Prompts = Readonly<{
  agents: Readonly<Record<AgentStage, Prompt>>;
  rubric: Rubric;
  /** What to write, per training type of ours. A plugin's type brings its own: a new one renames nobody's recipe. */
  instructions: Readonly<Record<string, string>>;
}>;

const BUILT_IN: Prompts = {
  agents: { research: RESEARCH_PROMPT, generation: GENERATION_PROMPT, review: REVIEW_PROMPT },
  rubric: RUBRIC,
  instructions: Object.fromEntries(OWN_TYPES.map(({ name, instructions }) => [name, instructions])),
};

const RUBRIC_FILE = 'rubric.yaml';
const systemFile = (stage: string) => `${stage}.system.md`;
const userFile = (stage: string) => `${stage}.user.md`;
const typeFile = (type: string) => `type.${type}.md`;

/** The built-in prompts as the files that `--prompts` reads: a start for one's own. */
export function builtInPromptFiles(): ReadonlyMap<string, string> {
  const { agents, rubric, instructions } = BUILT_IN;
  const rubricText = Object.entries(rubric).map(([name, meaning]) => `${name}: ${JSON.stringify(meaning)}`);
  return new Map([
    ...AGENT_STAGES.flatMap((stage): [string, string][] => [
      [systemFile(stage), agents[stage].system],
      [userFile(stage), agents[stage].user],
    ]),
    ...Object.entries(instructions).map(([type, text]): [string, string] => [typeFile(type), text]),
    [RUBRIC_FILE, rubricText.join('\n')],
  ]);
}

/**
 * The prompts, with the files of `directory` in the place of built-in ones. Throws a Failure (`bad_prompt`) for an
 * unknown file, an unknown or a missing `{{name}}`, and a rubric that is none.
 */
export async function loadPrompts(directory: string | undefined): Promise<Prompts> {
  const files = new Map(builtInPromptFiles());
  if (directory !== undefined)
    for (const name of await list(directory))
      files.set(name, await readFile(await within(directory, name), 'utf8'));
  const text = (name: string) => files.get(name)?.trim() ?? '';
  const agentPrompt = (stage: AgentStage): Prompt => {
    const [system, user] = [text(systemFile(stage)), text(userFile(stage))];
    checkTemplates({ [systemFile(stage)]: system, [userFile(stage)]: user }, PROMPT_RULES[stage]);
    return { system, user };
  };
  return {
    agents: {
      research: agentPrompt('research'),
      generation: agentPrompt('generation'),
      review: agentPrompt('review'),
    },
    rubric: parseRubric(text(RUBRIC_FILE)),
    instructions: Object.fromEntries(OWN_TYPES.map(({ name }) => [name, text(typeFile(name))])),
  };
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
  throw new Failure(
    'fatal',
    'bad_prompt',
    `${RUBRIC_FILE}: expected lines like "clarity: what it means"; ${problem}.`,
  );
}
