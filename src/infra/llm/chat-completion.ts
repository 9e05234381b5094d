import { z } from 'zod';
import type { ChatReply } from '../../stages/chat-model.ts';
import type { Usage } from '../../streams/failure.ts';
import { joined, splitReasoning } from './reasoning.ts';

const text = z.string().nullish().catch(null);
const count = z.number().int().nonnegative().catch(0);
const part = z.object({ type: z.string(), text: z.string().catch(''), thinking: z.unknown().optional() });

// Lenient where servers differ, strict only in what makes it a chat completion at all: a choice with a message.
const completionSchema = z.object({
  model: text,
  choices: z.tuple(
    [
      z.object({
        finish_reason: text,
        message: z.object({
          content: z.union([z.string(), z.array(part)]).nullish(),
          refusal: text,
          reasoning_content: text,
          reasoning: text,
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
type Content = Completion['choices'][0]['message']['content'];

/**
 * The body of a chat completion as a reply, its cost aside; `undefined` if it is none. What a server leaves out is
 * empty or 0, its finish reason `unknown`, its model the one asked for.
 */
export function parseCompletion(body: string, askedModel: string): Omit<ChatReply, 'costUsd'> | undefined {
  const parsed = completionSchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { choices, model, usage } = parsed.data;
  const [{ message, finish_reason: finishReason }] = choices;
  const spoken = splitReasoning(textOf(message.content));
  return {
    text: spoken.text,
    reasoning: joined([
      message.reasoning_content ?? message.reasoning ?? '',
      thoughtsOf(message.content),
      spoken.reasoning,
    ]),
    finishReason: finishReason ?? 'unknown',
    refusal: message.refusal ?? null,
    model: model ?? askedModel,
    usage: usageOf(usage),
  };
}

function textOf(content: Content): string {
  if (!Array.isArray(content)) return content ?? '';
  return content.map(({ text }) => text).join('');
}

// Mistral's reasoning models answer in parts, the thinking parts being lists of parts themselves.
function thoughtsOf(content: Content): string {
  if (!Array.isArray(content)) return '';
  const thoughts = content.map(({ thinking }) => z.array(part).safeParse(thinking));
  return joined(thoughts.flatMap(({ data }) => data?.map(({ text }) => text) ?? []));
}

function usageOf(usage: Completion['usage']): Usage {
  const written = usage?.prompt_tokens_details?.cache_write_tokens || usage?.cache_creation_input_tokens || 0;
  return {
    input: usage?.prompt_tokens ?? 0,
    output: outputOf(usage),
    cached: usage?.prompt_tokens_details?.cached_tokens || usage?.prompt_cache_hit_tokens || 0,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    ...(written === 0 ? {} : { cacheWrites: written }),
  };
}

/**
 * All tokens that were put out. OpenAI counts reasoning as a part of the completion; xAI and Gemini leave it out there
 * and count it in the total only.
 */
function outputOf(usage: Completion['usage']): number {
  if (usage === null || usage === undefined) return 0;
  return Math.max(usage.completion_tokens, usage.total_tokens - usage.prompt_tokens);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
