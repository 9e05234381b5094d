import { parseSettings } from '../infra/config/load-settings.ts';
import type { Settings } from '../infra/config/settings.ts';
import { registerPlugins } from '../infra/plugins/load.ts';
import { registerTypes } from '../infra/plugins/load-types.ts';
import type { OwnTool } from '../infra/tools/own/tool-definition.ts';
import { toolSlot } from '../infra/tools/own/tool-slot.ts';
import type { ChatModel } from '../stages/agent/chat-model.ts';
import { type AgentStage, agentStages } from '../stages/stage-names.ts';
import { trainingTypeNamed } from '../stages/training-types/index.ts';
import { cutAtAbort } from './cut-at-abort.ts';

/** A question: its text, or an object with more. Missing fields are taken from the options. */
export type QuestionInput =
  | string
  | Readonly<{
      question: string;
      /** Source text that research must be based on. */
      context?: string;
      topic?: string;
      subTopic?: string;
      trainingType?: string;
      /** The assistant's system prompt. */
      system?: string;
      /** Tools that the assistant may call, in OpenAI's form. */
      tools?: readonly Readonly<Record<string, unknown>>[];
      /** The conversation before the question: whole turns, each of a user and an assistant message. */
      history?: readonly Readonly<{ role: 'user' | 'assistant' | 'tool' } & Record<string, unknown>>[];
      /** Texts that the answer is to be based on. */
      passages?: readonly (string | Readonly<{ id?: string; title?: string; text: string }>)[];
      /** Values of your own for `{{fields.NAME}}` in prompts: they tell questions apart, which `metadata` does not. */
      fields?: Readonly<Record<string, unknown>>;
      /** An answer that is known to be right. The judge sees it, the writer does not. */
      reference?: string;
      /** An answer that you have, as a text or as the messages that follow the question: what it is for says `from`. */
      answer?: Answer;
      /** Of two answers that you have, the better one. */
      chosen?: Answer;
      rejected?: Answer;
      /** Your own id. */
      id?: string;
      metadata?: Readonly<Record<string, unknown>>;
    }>;

type Answer = string | readonly Readonly<{ role: string; content: string } & Record<string, unknown>>[];

type NotOfTheLibrary =
  | 'model'
  | 'out'
  | 'contextTurn'
  | 'format'
  | 'license'
  | 'map'
  | 'httpToken'
  | 'httpTokenFile'
  | 'maxBacklog';

/** Every setting of `millrace.config`, by the same names and with the same defaults. */
export type PipelineOptions = Readonly<
  Partial<Omit<Settings, NotOfTheLibrary>> & {
    /** The name of a model, one name per agent, or your own model. */
    model?: string | Readonly<Partial<Record<AgentStage, string>>> | ChatModel;
    /** Tools for `research: 'tools'`, besides those of `lookUpTools` and plugins. */
    tools?: readonly OwnTool[];
  }
>;

export type ParsedOptions = Readonly<{
  settings: Settings;
  model: ChatModel | undefined;
  tools: readonly OwnTool[] | undefined;
  /** A model that the caller named, where there is none of their own. */
  named: string | undefined;
}>;

/**
 * Registers the plugins of the options, and checks the rest, the tools too. Rejects with a Failure (`bad_plugin`, `bad_setting`,
 * `unknown_training_type`) that says what was expected.
 */
export async function parseOptions({
  plugins = [],
  tools,
  ...options
}: PipelineOptions): Promise<ParsedOptions> {
  await registerPlugins(plugins);
  await registerTypes(options.types ?? []);
  if (tools !== undefined) toolSlot.fit(tools, { name: 'tools', version: '' });
  return { ...parseRest(options), tools };
}

function parseRest({ model, agents = {}, ...rest }: PipelineOptions): Omit<ParsedOptions, 'tools'> {
  if (typeof model === 'object' && isChatModel(model))
    return { settings: checked({ ...rest, agents }), model: cutAtAbort(model), named: undefined };
  if (typeof model !== 'object')
    return byName({ ...rest, agents, ...(model === undefined ? {} : { model }) });
  const stages = agentStages().filter((stage) => model[stage] !== undefined);
  const merged = Object.fromEntries(
    stages.map((stage) => [stage, { ...agents[stage], model: model[stage] }]),
  );
  return byName({ ...rest, agents: { ...agents, ...merged } });
}

function byName(raw: Readonly<Record<string, unknown>>): Omit<ParsedOptions, 'tools'> {
  const settings = checked(raw);
  const own = agentStages().flatMap((stage) => settings.agents[stage]?.model ?? []);
  const [named] = raw['model'] === undefined ? own : [settings.model];
  return { settings, model: undefined, named };
}

function isChatModel(model: object): model is ChatModel {
  return 'complete' in model && typeof model.complete === 'function';
}

function checked(raw: Readonly<Record<string, unknown>>): Settings {
  const settings = parseSettings(raw);
  trainingTypeNamed(settings.trainingType);
  return settings;
}
