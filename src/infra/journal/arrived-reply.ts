import { z } from 'zod';
import type { ChatReply } from '../../stages/agent/chat-model.ts';
import { usageSchema } from '../../stages/example.ts';
import { parseJson } from '../../stages/text/json.ts';
import { toolCallSchema } from '../../stages/tools/step-body.ts';
import { Failure, NO_USAGE } from '../../streams/failure.ts';
import type { Arrival } from '../../streams/work/journal.ts';
import { completionReply } from '../models/openai/chat-completion.ts';
import { safeText } from '../models/openai/failures/redact.ts';
import { unpackedBody } from '../models/openai/transport/unpack.ts';
import { type PriceTable, pricesWith } from '../models/prices.ts';

const replySchema: z.ZodType<ChatReply> = z.object({
  text: z.string(),
  reasoning: z.string(),
  finishReason: z.string(),
  refusal: z.string().nullable(),
  model: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  calls: z.array(toolCallSchema).optional(),
  message: z.unknown().optional(),
});

/** What a server sent is read with. */
export type ReplyReading = Readonly<{
  prices: PriceTable /** Kept out of what is said of it. */;
  secrets: readonly string[];
  /** It was asked with tools: what is called is a call, and no answer. */
  withTools?: boolean | undefined;
}>;

/** What arrived, read as it would have been then. Throws a Failure (`malformed_response`) for what is no answer. */
export async function arrivedReply(
  { form, model, codings }: Arrival,
  bytes: Buffer,
  { prices, secrets, withTools }: ReplyReading,
): Promise<ChatReply> {
  const body = (await unpackedBody(bytes, codings).catch(() => bytes)).toString();
  const reply =
    form === 'completion'
      ? completionReply(body, model, pricesWith(prices), withTools)
      : replySchema.safeParse(parseJson(body)).data;
  if (reply !== undefined) return reply;
  const text = safeText(body, secrets);
  throw new Failure(
    'transient',
    'malformed_response',
    `What came is no chat completion: ${text || '(nothing)'}.`,
    {
      reply: { text, finishReason: 'unknown', model, usage: NO_USAGE, costUsd: null },
    },
  );
}
