import { z } from 'zod';
import type { CallSize } from '../../streams/budget/call-estimate.ts';
import type { AttemptContext, AttemptResult } from '../../streams/delivery/stage.ts';
import { Failure } from '../../streams/failure.ts';
import { onceForEach } from '../../streams/once-for-each.ts';
import type { AnswerForm } from '../../streams/work/journal.ts';
import { assertWhole } from '../lanes/extra-bodies.ts';
import { type AgentRecipe, type Prompt, recipeHash } from '../lanes/recipe.ts';
import { escapeForPrompt } from '../text/escape-for-prompt.ts';
import type { ToolSpec } from '../tools/tool.ts';
import { withRoom } from './answer-room.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest } from './chat-model.ts';
import { cutNote } from './cut-prompt.ts';
import { type Override, overridden } from './override.ts';
import { withParts } from './part-sections.ts';
import { readReply } from './reply/read-reply.ts';
import { filledWith, type Values } from './template.ts';

/** What an agent asks its model: a filled-in prompt, and the schema of the answer. */
export type Ask<Answer> = Readonly<{
  stage: string;
  recipe: AgentRecipe;
  /** What an operator changed for this one work. */
  override?: Override | undefined;
  values: Values;
  /** Values that are made for prompts, with tags of ours: they stand there as they are. */
  marked?: Readonly<Record<string, string>> | undefined;
  /** What the tags around the values end with. */
  suffix?: string | undefined;
  /** What those end with that stand around what many questions share. Default: the same. */
  sharedSuffix?: string | undefined;
  /** The name of the schema for the server. */
  answerName: string;
  answer: z.ZodType<Answer>;
  /** Which answer is meant, in a stage with several. */
  shape?: string | undefined;
  /** Added after the prompt. */
  beside?: string | undefined;
  /** The conversation since the prompt. */
  said?: readonly ChatMessage[] | undefined;
  /** The tools that it may call. */
  tools?: readonly ToolSpec[] | undefined;
}>;

/** The parts of a request that do not depend on the answer's schema. */
export type AskedParts = Omit<Ask<unknown>, 'answer' | 'answerName' | 'shape'>;

const MAX_QUOTED_REPLY = 8_000;

/**
 * Makes one attempt of an agent. If the previous answer was unusable, it is shown to the model with the reason, so that the model
 * can correct it. Throws Failures: of kind `content` (`refused`, `truncated`, `not_json`, `schema_mismatch`, `bad_text`) when an
 * answer came, and whatever the model threw when none did.
 */
export async function askModel<Answer>(
  model: ChatModel,
  ask: Ask<Answer>,
  attempt: AttemptContext,
): Promise<AttemptResult<Answer>> {
  const { reply, request, by } = await replyOf(model, ask, attempt);
  const answered = answerIn(reply, ask.answer, by);
  // A repeat may be counted without what its server remembers of the prompt before.
  const note = attempt.previous === undefined ? cutNote(request.messages, reply.usage) : undefined;
  return note === undefined ? answered : { ...answered, note };
}

/** By what an answer was asked for: the recipe, and the most tokens that the model writes. */
export type AskedBy = Readonly<{ recipe: string; longest: number | undefined }>;

/** The model's reply, unchecked. Throws what the model throws. */
export async function replyOf(
  model: ChatModel,
  ask: Ask<unknown>,
  attempt: AttemptContext,
): Promise<Readonly<{ reply: ChatReply; request: ChatRequest; by: AskedBy }>> {
  const recipe = overridden(ask.recipe, ask.override);
  const longest = model.longestAnswer?.(recipe.settings.model);
  const request = requestOf(model, ask, attempt);
  const raised = request.settings === recipe.settings ? undefined : attempt.previous;
  const keep = keeperOf(attempt, {
    model: request.settings.model,
    recipe: hashOf(recipe),
    shape: ask.shape ?? '',
  });
  const reply = await model
    .complete({ ...request, onBody: keep.body }, attempt.signal)
    .catch((error: unknown) => {
      throw blamed(error, ask, raised);
    });
  keep.reply(reply);
  return { reply, request, by: { recipe: hashOf(recipe), longest } };
}

/**
 * What a reply brought. Throws a Failure of kind `content` where it cannot be used.
 *
 * @param by the recipe that it was asked for by, and the most tokens that the model writes.
 */
export function answerIn<Answer>(
  reply: ChatReply,
  answer: z.ZodType<Answer>,
  by: AskedBy,
): AttemptResult<Answer> {
  const result = readReply(reply, answer, by.longest);
  const { model, finishReason, usage, costUsd, text } = reply;
  return { result, model, recipe: by.recipe, usage, costUsd, finishReason, reply: text };
}

type Keeper = Readonly<{
  body(pieces: readonly Uint8Array[], codings: string): void;
  reply(reply: ChatReply): void;
}>;

/** Tells of an answer once: by the body that a server sent, or else by what the model gave back. */
function keeperOf({ onAnswer }: AttemptContext, asked: Omit<AnswerForm, 'form' | 'codings'>): Keeper {
  let told = false;
  return {
    body: (pieces, codings) => {
      told = true;
      onAnswer?.({ ...asked, form: 'completion', codings }, pieces);
    },
    reply: (reply) => {
      if (!told) onAnswer?.({ ...asked, form: 'reply', codings: '' }, [Buffer.from(JSON.stringify(reply))]);
    },
  };
}

/** How much the attempt of an agent may use. */
export function sizeOf<Answer>(model: ChatModel, ask: Ask<Answer>, attempt: AttemptContext): CallSize {
  const { messages, answer, tools, settings } = requestOf(model, ask, attempt);
  const words = messages.reduce((sum, message) => sum + bytesOf(message), 0);
  const told = tools === undefined ? 0 : Buffer.byteLength(JSON.stringify(tools));
  return {
    model: settings.model,
    inputBytes: words + told + schemaBytesOf(answer.schema),
    maxOutputTokens: settings.maxOutputTokens,
    long: attempt.previous?.code === 'truncated',
  };
}

function bytesOf(message: ChatMessage): number {
  const raw = 'raw' in message && message.raw !== undefined ? JSON.stringify(message.raw) : message.content;
  return Buffer.byteLength(raw);
}

function requestOf<Answer>(model: ChatModel, ask: Ask<Answer>, attempt: AttemptContext): ChatRequest {
  const { stage, answerName } = ask;
  assertWhole(ask.recipe);
  const recipe = overridden(ask.recipe, ask.override);
  return {
    stage,
    messages: messagesFor(recipe.prompt, ask, attempt.previous),
    answer: { name: answerName, schema: jsonSchemaOf(ask.answer) },
    ...(ask.tools === undefined ? {} : { tools: ask.tools }),
    settings: withRoom(recipe.settings, attempt, model.longestAnswer?.(recipe.settings.model)),
    onRates: attempt.onRates,
  };
}

type Filling = Pick<Ask<unknown>, 'values' | 'marked' | 'suffix' | 'sharedSuffix' | 'beside' | 'said'>;

function messagesFor(
  prompt: Prompt,
  { values, marked, suffix: own = '', sharedSuffix: shared = own, beside, said = [] }: Filling,
  previous: Failure | undefined,
): ChatMessage[] {
  const fill = filledWith(values, { own, shared }, marked);
  const asked = fill(withParts(prompt, values));
  const messages: ChatMessage[] = [
    { role: 'system', content: fill(prompt.system) },
    { role: 'user', content: beside === undefined ? asked : `${asked}\n\n${beside}` },
    ...said,
  ];
  if (previous?.kind !== 'content' || !MENDABLE.has(previous.code)) return messages;
  return [...messages, ...unusableSaid(previous.facts.reply?.text ?? '', previous.message)];
}

/** An answer that cannot be used, as it stands in a conversation that goes on, and why. */
export function unusableSaid(text: string, why: string): readonly ChatMessage[] {
  const quoted = escapeForPrompt(text.slice(0, MAX_QUOTED_REPLY).toWellFormed());
  return [
    { role: 'assistant', content: quoted === '' ? '(no answer)' : quoted },
    {
      role: 'user',
      content: `That answer cannot be used. ${escapeForPrompt(why)}\nAnswer again, in full, as one JSON object and nothing else.`,
    },
  ];
}

const MENDABLE: ReadonlySet<string> = new Set([
  'not_json',
  'schema_mismatch',
  'bad_text',
  'bad_tool_call',
  'unknown_piece',
  'bad_quote',
  'no_quote',
  'bad_citation',
]);

/**
 * A limit that we raised, or a setting that an operator gave to this one work, may be what the server refuses: that is
 * this work's trouble and must not stop a worker.
 */
function blamed(error: unknown, { override }: Ask<unknown>, raised: Failure | undefined): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, message, facts } = error;
  if (raised !== undefined && LIMIT_REFUSED.has(code))
    return new Failure('content', 'truncated', `${raised.message} A larger limit was refused: ${message}`, {
      ...raised.facts,
      final: true,
    });
  const named = override?.model !== undefined || override?.maxOutputTokens !== undefined;
  if (!named || !SETTING_REFUSED.has(code)) return error;
  const { scope: _ofAll, ...ofThisWork } = facts;
  return new Failure('poison', code, `${message} The redrive asked for it.`, ofThisWork);
}

const LIMIT_REFUSED: ReadonlySet<string> = new Set(['request_rejected', 'prompt_rejected', 'bad_setting']);
const SETTING_REFUSED: ReadonlySet<string> = new Set(['unknown_model', 'bad_setting']);

const jsonSchemaOf = onceForEach((answer: z.ZodType): Readonly<Record<string, unknown>> => {
  const { $schema: _, ...schema } = z.toJSONSchema(answer, { target: 'draft-7', io: 'output' });
  return schema;
});

const schemaBytesOf = onceForEach((schema: ChatRequest['answer']['schema']) =>
  Buffer.byteLength(JSON.stringify(schema)),
);

const hashOf = onceForEach(recipeHash);
