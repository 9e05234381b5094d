import { z } from 'zod';
import { parseSettings } from '../infra/config/load-settings.ts';
import type { Settings } from '../infra/config/settings.ts';
import type { Asked } from '../runs/intake.ts';
import type { ChatModel } from '../stages/chat-model.ts';
import { type Question, questionSchema } from '../stages/question.ts';
import { AGENT_STAGES, type AgentStage } from '../stages/stage-names.ts';
import { trainingTypeNamed } from '../stages/training-types/index.ts';
import { Failure } from '../streams/failure.ts';

/** A question, as a text or with what belongs to it. What it leaves out is taken from the options. */
export type QuestionInput =
  | string
  | Readonly<{
      question: string;
      /** Source text that research must rest on. */
      context?: string;
      topic?: string;
      subTopic?: string;
      trainingType?: string;
      /** Your own id. */
      id?: string;
      metadata?: Readonly<Record<string, unknown>>;
    }>;

type NotOfTheLibrary = 'model' | 'out' | 'format' | 'license' | 'httpToken' | 'httpTokenFile' | 'maxBacklog';

/** Every setting of `millrace.config`, by the same names and with the same defaults. */
export type PipelineOptions = Readonly<
  Partial<Omit<Settings, NotOfTheLibrary>> & {
    /** A model's name, one name per agent, or a model of your own. */
    model?: string | Readonly<Partial<Record<AgentStage, string>>> | ChatModel;
  }
>;

export type ParsedOptions = Readonly<{ settings: Settings; model: ChatModel | undefined }>;

/** Checks the options. Throws a Failure (`bad_setting`, `unknown_training_type`) that says what was expected. */
export function parseOptions({ model, agents = {}, ...rest }: PipelineOptions): ParsedOptions {
  if (typeof model === 'object' && isChatModel(model))
    return { settings: checked({ ...rest, agents }), model };
  if (typeof model !== 'object')
    return {
      settings: checked({ ...rest, agents, ...(model === undefined ? {} : { model }) }),
      model: undefined,
    };
  const named = AGENT_STAGES.filter((stage) => model[stage] !== undefined);
  const merged = Object.fromEntries(named.map((stage) => [stage, { ...agents[stage], model: model[stage] }]));
  return { settings: checked({ ...rest, agents: { ...agents, ...merged } }), model: undefined };
}

function isChatModel(model: object): model is ChatModel {
  return 'complete' in model && typeof model.complete === 'function';
}

function checked(raw: Readonly<Record<string, unknown>>): Settings {
  const settings = parseSettings(raw);
  trainingTypeNamed(settings.trainingType);
  return settings;
}

/** The question with the defaults of the options. Throws a Failure (`bad_question`) that names its position. */
export function askedOf(input: QuestionInput, settings: Settings, position: number): Asked {
  const { question: text, id, metadata, ...own } = typeof input === 'string' ? { question: input } : input;
  const { topic, subTopic, trainingType } = settings;
  const parsed = questionSchema.safeParse({ topic, subTopic, trainingType, ...own, text });
  if (!parsed.success)
    throw new Failure('fatal', 'bad_question', `Question ${position + 1}: ${z.prettifyError(parsed.error)}`);
  const question: Question = parsed.data;
  trainingTypeNamed(question.trainingType);
  return { question, ...(id === undefined ? {} : { id }), ...(metadata === undefined ? {} : { metadata }) };
}
