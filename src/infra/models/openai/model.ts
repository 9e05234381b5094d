import type { ChatModel, ChatReply, ChatRequest } from '../../../stages/agent/chat-model.ts';
import { onceForEach } from '../../../streams/once-for-each.ts';
import { type PriceTable, pricesWith } from '../prices.ts';
import { CapabilityLadder, type Rung } from './capabilities.ts';
import { chatBody } from './chat-body.ts';
import { completionReply } from './chat-completion.ts';
import { chatServer } from './chat-server.ts';
import type { LlmEndpoint } from './endpoint.ts';
import { cutFailure, malformedFailure } from './failures/classify.ts';
import { isOfShape } from './fits-schema.ts';
import { strictSchema } from './strict-schema.ts';
import { httpExchange } from './transport/http-exchange.ts';

// A dated name is the same model.
const DATE_SUFFIX = /-(\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * Output tokens: a snapshot of what vendors said in early 2026, for estimates, and may be out of date. A model that is not
 * here finds its limit by being refused.
 */
const LONGEST: Readonly<Record<string, number>> = {
  'gpt-4o': 16_384,
  'gpt-4o-mini': 16_384,
  'gpt-4.1': 32_768,
  'gpt-4.1-mini': 32_768,
  'gpt-4.1-nano': 32_768,
  'gpt-5': 128_000,
  'gpt-5.1': 128_000,
  'gpt-5-mini': 128_000,
  'gpt-5-nano': 128_000,
  o1: 100_000,
  o3: 100_000,
  'o3-mini': 100_000,
  'o4-mini': 100_000,
};

export type OpenAiModelOptions = Readonly<{
  /** Where every stage asks that has no endpoint of its own. */
  endpoint: LlmEndpoint;
  /** Endpoints of single stages, by the stage's name. */
  stageEndpoints?: Readonly<Record<string, LlmEndpoint>> | undefined;
  /** Prices that are added to the well-known ones or stand in for them. */
  prices?: PriceTable | undefined;
}>;

/**
 * The models behind any servers that speak OpenAI's chat completions API. Asks for structured output as firmly as the
 * server can, and remembers what it can. Nothing is sent before the first call. Throws a `fatal` Failure
 * (`bad_setting`) for an endpoint that cannot work.
 */
export function openAiModel({ endpoint, stageEndpoints = {}, prices = {} }: OpenAiModelOptions): ChatModel {
  const exchange = httpExchange();
  const byDefault = chatServer(endpoint, exchange);
  const byStage = new Map(
    Object.entries(stageEndpoints).map(([stage, its]) => [stage, chatServer(its, exchange)] as const),
  );
  const addresses = new Set([byDefault, ...byStage.values()].map(({ address }) => address));
  const ladder = new CapabilityLadder();
  // A stage asks with one and the same schema object over and over.
  const strictOf = onceForEach(strictSchema);
  const priceTable = pricesWith(prices);

  async function complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    const server = byStage.get(request.stage) ?? byDefault;
    const strict = strictOf(request.answer.schema);
    const key = JSON.stringify([server.address, request.settings.model, request.answer.name]);
    const withTools = (request.tools ?? []).length > 0;
    const ask = async (rung: Rung, inWords: boolean) => {
      const asked = chatBody(request, rung, strict, server.host, inWords);
      const body = await server.post(asked, signal, request);
      const reply = completionReply(body, request.settings.model, priceTable, withTools);
      if (reply === undefined) throw malformedFailure(body, server.contextOf(request.settings));
      if (reply.finishReason === 'error') throw cutFailure(reply, body, server.contextOf(request.settings));
      return reply;
    };
    // Beside tools the shape is said in words alone: there is nothing to find out.
    if (withTools) return await ask('plain', true);
    return await ladder.descend(key, strict !== undefined, ask, (reply) => isOfShape(reply, request.answer));
  }

  const address = [...addresses].join(', ');
  const addressOf = (stage: string) => (byStage.get(stage) ?? byDefault).address;
  return { address, addressOf, simulated: false, longestAnswer, complete };
}

/** The most tokens that a well-known model writes in one answer. */
function longestAnswer(model: string): number | undefined {
  const name = model.replace(DATE_SUFFIX, '');
  return Object.hasOwn(LONGEST, name) ? LONGEST[name] : undefined;
}
