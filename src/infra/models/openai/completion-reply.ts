import type { ChatReply } from '../../../stages/agent/chat-model.ts';
import { callCostOf, type PriceTable } from '../prices.ts';
import { parseCompletion } from './chat-completion.ts';

/** The body of a chat completion as a reply, with what it cost; `undefined` if it is none. `withTools`: it was asked with tools. */
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
