import type { ChatReply } from '../../../stages/agent/chat-model.ts';
import { costOf, type PriceTable } from '../prices.ts';
import { parseCompletion } from './chat-completion.ts';

/** The body of a chat completion as a reply, with what it cost; `undefined` if it is none. */
export function completionReply(body: string, askedModel: string, prices: PriceTable): ChatReply | undefined {
  const reply = parseCompletion(body, askedModel);
  if (reply === undefined) return undefined;
  const costUsd = costOf(prices, askedModel, reply.usage) ?? costOf(prices, reply.model, reply.usage);
  return { ...reply, costUsd };
}
