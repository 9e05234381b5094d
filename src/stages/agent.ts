import { z } from 'zod';
import { Failure } from '../streams/failure.ts';
import type { AttemptContext, AttemptResult } from '../streams/stage.ts';
import type { ChatMessage, ChatModel, ChatReply } from './chat-model.ts';
import { type AgentRecipe, type Prompt, recipeHash } from './recipe.ts';
import { jsonIn } from './reply.ts';
import { fillTemplate } from './template.ts';

/** What an agent asks its model: a prompt filled in, and the shape the answer must have. */
export type Ask<Answer> = Readonly<{
  stage: string;
  recipe: AgentRecipe;
  values: Readonly<Record<string, string>>;
  /** Under this name the server knows the schema. */
  answerName: string;
  answer: z.ZodType<Answer>;
}>;

/** A truncated answer is asked again with this many times the tokens that it had. */
const ROOM_FACTOR = 2;
const DEFAULT_ROOM = 4_096;
const MAX_QUOTED_REPLY = 8_000;

/**
 * One attempt of an agent. An unusable answer of the attempt before is shown to the model with the reason, so that it
 * can mend it. Throws Failures: of kind `content` (`refused`, `truncated`, `not_json`, `schema_mismatch`) when an
 * answer came, and whatever the model threw when none did.
 */
export async function askModel<Answer>(
  model: ChatModel,
  ask: Ask<Answer>,
  attempt: AttemptContext,
): Promise<AttemptResult<Answer>> {
  const { stage, recipe, answerName } = ask;
  const request = {
    stage,
    messages: messagesFor(recipe.prompt, ask.values, attempt.previous),
    answer: { name: answerName, schema: jsonSchemaOf(ask.answer) },
    settings: withRoom(recipe, attempt),
  };
  const reply = await model.complete(request, attempt.signal);
  const result = parseReply(reply, ask.answer);
  const { finishReason, usage, costUsd } = reply;
  return {
    result,
    model: reply.model,
    recipe: hashOf(recipe),
    usage,
    costUsd,
    finishReason,
    reply: reply.text,
  };
}

function messagesFor(
  prompt: Prompt,
  values: Readonly<Record<string, string>>,
  previous: Failure | undefined,
): ChatMessage[] {
  const messages: ChatMessage[] = [
    { role: 'system', content: fillTemplate(prompt.system, values) },
    { role: 'user', content: fillTemplate(prompt.user, values) },
  ];
  if (previous?.kind !== 'content' || !MENDABLE.has(previous.code)) return messages;
  const quoted = previous.facts.reply?.text.slice(0, MAX_QUOTED_REPLY) ?? '';
  return [
    ...messages,
    { role: 'assistant', content: quoted === '' ? '(no answer)' : quoted },
    {
      role: 'user',
      content: `That answer cannot be used. ${previous.message}\nAnswer again, in full, as one JSON object and nothing else.`,
    },
  ];
}

const MENDABLE: ReadonlySet<string> = new Set(['not_json', 'schema_mismatch']);

function withRoom({ settings }: AgentRecipe, { previous }: AttemptContext): AgentRecipe['settings'] {
  if (previous?.code !== 'truncated') return settings;
  const had = Math.max(settings.maxOutputTokens ?? DEFAULT_ROOM, previous.facts.reply?.usage.output ?? 0);
  return { ...settings, maxOutputTokens: had * ROOM_FACTOR };
}

function parseReply<Answer>(reply: ChatReply, answer: z.ZodType<Answer>): Answer {
  const { text, finishReason, model, usage, costUsd } = reply;
  const unusable = (code: string, message: string) =>
    new Failure('content', code, message, { reply: { text, finishReason, model, usage, costUsd } });
  if (reply.refusal !== null) throw unusable('refused', `The model refused: ${reply.refusal.slice(0, 300)}`);
  if (finishReason === 'content_filter')
    throw unusable('refused', "The server's content filter stopped the answer.");
  if (finishReason === 'length')
    throw unusable(
      'truncated',
      'The answer was cut off at the token limit: raise maxOutputTokens for this stage.',
    );
  const value = jsonIn(text);
  if (value === undefined)
    throw unusable('not_json', 'Expected one JSON object, and found none in the answer.');
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unusable('schema_mismatch', `The answer does not fit its schema: ${z.prettifyError(parsed.error)}`);
}

const schemas = new WeakMap<z.ZodType, Readonly<Record<string, unknown>>>();

function jsonSchemaOf(answer: z.ZodType): Readonly<Record<string, unknown>> {
  const known = schemas.get(answer);
  if (known !== undefined) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(answer, { target: 'draft-7', io: 'output' });
  schemas.set(answer, schema);
  return schema;
}

const hashes = new WeakMap<AgentRecipe, string>();

function hashOf(recipe: AgentRecipe): string {
  const known = hashes.get(recipe) ?? recipeHash(recipe);
  hashes.set(recipe, known);
  return known;
}
