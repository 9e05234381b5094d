import { z } from 'zod';
import { Failure } from '../streams/failure.ts';
import type { ChatReply } from './chat-model.ts';
import { jsonIn } from './reply.ts';

/** How models without a field for it decline. Looked for only where a reply holds no JSON at all, and only at its beginning. */
const REFUSAL =
  /^(?:i['’]?m (?:really |very |so )?sorry\b|sorry,|i (?:can(?:['’]t|not)|won['’]t|am (?:not able|unable)|must decline)\b|as an ai\b|i['’]m (?:not able|unable)\b)/i;

/**
 * The answer in a reply. Throws a Failure of kind `content` that keeps the reply and what it cost: `refused`, `truncated`,
 * `not_json` or `schema_mismatch`. `longest` is the most that the model can write, in tokens.
 */
export function readReply<Answer>(
  reply: ChatReply,
  answer: z.ZodType<Answer>,
  longest: number | undefined,
): Answer {
  const { text, finishReason, model, usage, costUsd } = reply;
  const unusable = (code: string, message: string, final = false) =>
    new Failure('content', code, message, {
      reply: { text, finishReason, model, usage, costUsd },
      ...(final ? { final } : {}),
    });
  if (reply.refusal !== null) throw unusable('refused', `The model refused: ${reply.refusal.slice(0, 300)}`);
  if (finishReason === 'content_filter')
    throw unusable('refused', "The server's content filter stopped the answer.");
  if (finishReason === 'length') {
    const atItsEnd = longest !== undefined && usage.output >= longest;
    throw atItsEnd
      ? unusable(
          'truncated',
          `The answer was cut off at ${longest} tokens, the most this model writes.`,
          true,
        )
      : unusable(
          'truncated',
          'The answer was cut off at the token limit: raise maxOutputTokens for this stage.',
        );
  }
  const value = jsonIn(text);
  if (value === undefined) {
    const said = text.trim();
    if (REFUSAL.test(said)) throw unusable('refused', `The model refused: ${said.slice(0, 300)}`);
    throw unusable('not_json', 'Expected one JSON object, and found none in the answer.');
  }
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unusable('schema_mismatch', `The answer does not fit its schema: ${z.prettifyError(parsed.error)}`);
}
