import { z } from 'zod';
import type { ChatReply } from '../../../stages/agent/chat-model.ts';
import { parseJson } from '../../../stages/text/json.ts';
import type { Usage } from '../../../streams/failure.ts';
import { callCostOf, type PriceTable } from '../prices.ts';
import { callsIn } from './called-tools.ts';
import { completionOfStream, isEventStream } from './event-stream.ts';
import { finishReasonOf } from './finish-reasons.ts';
import { joinedReasoning, type Spoken, splitReasoning } from './reasoning.ts';

// An answer has a dozen of each, and none is worth a refusal: whether it is a text or a number is asked where it is used.
const text = z.unknown().optional();
const count = z.unknown().optional();
const called = z.object({ arguments: z.unknown() });
const part = z.object({ type: z.string(), text: z.string().catch(''), thinking: z.unknown().optional() });

// Lenient where servers differ, strict only in what makes it a chat completion at all: a choice with a message.
const completionSchema = z.object({
  model: text,
  choices: z.tuple(
    [
      z.object({
        finish_reason: text,
        message: z.object({
          content: z.union([z.string(), z.array(part), z.record(z.string(), z.unknown())]).nullish(),
          refusal: text,
          reasoning_content: text,
          reasoning: text,
          tool_calls: z
            .array(z.object({ function: called }))
            .nullish()
            .catch(null),
          function_call: called.nullish().catch(null),
        }),
      }),
    ],
    z.unknown(),
  ),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      total_tokens: count,
      prompt_cache_hit_tokens: count,
      cache_creation_input_tokens: count,
      prompt_tokens_details: z
        .object({ cached_tokens: count, cache_write_tokens: count })
        .nullish()
        .catch(null),
      completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
type Completion = z.output<typeof completionSchema>;
type Message = Completion['choices'][0]['message'];
type Content = Message['content'];

/**
 * The body of a chat completion, or of an event stream of one, as a reply, its cost aside; `undefined` if it is none. What
 * a server leaves out is empty or 0, its finish reason `unknown`, its model the one asked for. Where it has put no text into
 * the content, the answer is that of its one tool call, or the object that it thought aloud.
 * @param withTools it was asked with tools: what is called is a call, and no answer.
 */
export function parseCompletion(
  body: string,
  askedModel: string,
  withTools = false,
): Omit<ChatReply, 'costUsd'> | undefined {
  const value = isEventStream(body) ? completionOfStream(body) : parseJson(body);
  const parsed = completionSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { choices, model, usage } = parsed.data;
  const [{ message, finish_reason: finishReason }] = choices;
  return {
    ...spokenIn(message, withTools),
    ...(withTools ? callsIn(value) : {}),
    finishReason: finishReasonOf(wordsIn(finishReason) ?? 'unknown'),
    refusal: wordsIn(message.refusal) ?? null,
    model: wordsIn(model) ?? askedModel,
    usage: usageOf(usage),
  };
}

/** The same with what it cost. */
export function completionReply(
  body: string,
  askedModel: string,
  prices: PriceTable,
  withTools = false,
): ChatReply | undefined {
  const reply = parseCompletion(body, askedModel, withTools);
  if (reply === undefined) return undefined;
  const costUsd = callCostOf(prices, askedModel, reply.usage) ?? callCostOf(prices, reply.model, reply.usage);
  return { ...reply, costUsd };
}

/** @param withTools what is called is no answer. */
function spokenIn(message: Message, withTools: boolean): Spoken {
  const { text: said, reasoning: aside } = splitReasoning(textOf(message.content));
  const thought = wordsIn(message.reasoning_content) ?? wordsIn(message.reasoning) ?? '';
  const spoken = { text: said, reasoning: joinedReasoning([thought, thoughtsOf(message.content), aside]) };
  if (withTools || said.includes('{')) return spoken;
  const given = argumentsIn(message);
  if (given !== undefined) return { ...spoken, text: given };
  const isThought = said.trim() === '' && aside === '' && thought.includes('{');
  return isThought ? { text: thought, reasoning: '' } : spoken;
}

/** Gateways that make a tool of the schema answer by calling it. Of two calls nobody knows which is meant. */
function argumentsIn({ tool_calls: calls, function_call: call }: Message): string | undefined {
  const [only, ...more] = calls?.map((each) => each.function) ?? [];
  const given = (only ?? call)?.arguments;
  if (more.length > 0 || given === undefined || given === null) return undefined;
  return typeof given === 'string' ? given : JSON.stringify(given);
}

function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content))
    return content === null || content === undefined ? '' : JSON.stringify(content);
  return content.map(({ text }) => text).join('');
}

// Mistral's reasoning models answer in parts, the thinking parts being lists of parts themselves.
function thoughtsOf(content: Content): string {
  if (!Array.isArray(content)) return '';
  const thoughts = content.map(({ thinking }) => z.array(part).safeParse(thinking));
  return joinedReasoning(thoughts.flatMap(({ data }) => data?.map(({ text }) => text) ?? []));
}

function usageOf(usage: Completion['usage']): Usage {
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = usage ?? {};
  const written = countOf(prompt?.cache_write_tokens) || countOf(usage?.cache_creation_input_tokens);
  return {
    input: countOf(usage?.prompt_tokens),
    output: outputOf(usage),
    cached: countOf(prompt?.cached_tokens) || countOf(usage?.prompt_cache_hit_tokens),
    reasoning: countOf(completion?.reasoning_tokens),
    ...(written === 0 ? {} : { cacheWrites: written }),
  };
}

/**
 * All tokens that were put out. OpenAI counts reasoning as a part of the completion; xAI and Gemini leave it out there
 * and count it in the total only.
 */
function outputOf(usage: Completion['usage']): number {
  const all = countOf(usage?.total_tokens) - countOf(usage?.prompt_tokens);
  return Math.max(countOf(usage?.completion_tokens), all);
}

function wordsIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Some servers count in texts, or in fractions. */
function countOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? Math.round(number) : 0;
}
