import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import type { ChatModel, ChatReply, ChatRequest } from '../../stages/agent/chat-model.ts';
import { ATTRIBUTE } from './span-names.ts';
import { endWithFailure, type SpanSource } from './span-source.ts';

/** The longest text of one message that a span carries where content is wanted, in characters. */
const MAX_CONTENT = 20_000;

/** `gen_ai.provider.name` of well-known servers, by the end of their host's name. */
const PROVIDERS: readonly (readonly [host: string, provider: string])[] = [
  ['openai.azure.com', 'azure.ai.openai'],
  ['anthropic.com', 'anthropic'],
  ['groq.com', 'groq'],
  ['mistral.ai', 'mistral_ai'],
  ['deepseek.com', 'deepseek'],
  ['perplexity.ai', 'perplexity'],
  ['cohere.com', 'cohere'],
  ['x.ai', 'x_ai'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
];

/**
 * The model, with a span for every call that is made for a work: one attempt, one span, by the conventions for generative
 * AI. It carries what was written and answered only where that is asked for.
 */
export function tracedModel(model: ChatModel, spans: SpanSource, content: boolean): ChatModel {
  const complete = async (request: ChatRequest, signal: AbortSignal): Promise<ChatReply> => {
    const { current } = spans;
    if (current === undefined) return model.complete(request, signal);
    const span = spans.below(current, {
      name: `chat ${request.settings.model}`,
      kind: SpanKind.CLIENT,
      attributes: { ...aboutRequest(model, request), ...(content ? messagesOf(request) : {}) },
    });
    try {
      const reply = await model.complete(request, signal);
      span.setAttributes({ ...aboutReply(reply), ...(content ? answerOf(reply) : {}) });
      span.end();
      return reply;
    } catch (error) {
      endWithFailure(span, error);
      throw error;
    }
  };
  const { address, simulated } = model;
  return { address, simulated, longestAnswer: (name) => model.longestAnswer?.(name), complete };
}

function aboutRequest(model: ChatModel, { stage, settings }: ChatRequest): Attributes {
  const { maxOutputTokens, temperature, seed } = settings;
  const address = model.addressOf?.(stage) ?? model.address;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return {
    [ATTRIBUTE.aiOperation]: 'chat',
    [ATTRIBUTE.aiProvider]: model.simulated ? 'millrace.simulated' : providerOf(url?.hostname),
    [ATTRIBUTE.aiOutputType]: 'json',
    [ATTRIBUTE.requestModel]: settings.model,
    ...(maxOutputTokens === undefined ? {} : { [ATTRIBUTE.maxTokens]: maxOutputTokens }),
    ...(temperature === undefined ? {} : { [ATTRIBUTE.temperature]: temperature }),
    ...(seed === undefined ? {} : { [ATTRIBUTE.seed]: seed }),
    ...(url === undefined
      ? {}
      : { [ATTRIBUTE.serverAddress]: url.hostname, [ATTRIBUTE.serverPort]: portOf(url) }),
    [ATTRIBUTE.stage]: stage,
    [ATTRIBUTE.simulated]: model.simulated,
  };
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

function aboutReply({ model, finishReason, usage, costUsd }: ChatReply): Attributes {
  return {
    [ATTRIBUTE.responseModel]: model,
    [ATTRIBUTE.finishReasons]: [finishReason],
    [ATTRIBUTE.inputTokens]: usage.input,
    [ATTRIBUTE.outputTokens]: usage.output,
    [ATTRIBUTE.cachedTokens]: usage.cached,
    [ATTRIBUTE.reasoningTokens]: usage.reasoning,
    ...(costUsd === null ? {} : { [ATTRIBUTE.costUsd]: costUsd }),
  };
}

function messagesOf({ messages }: ChatRequest): Attributes {
  const said = messages.map(({ role, content }) => ({ role, parts: [textPart(content)] }));
  return { [ATTRIBUTE.inputMessages]: JSON.stringify(said) };
}

function answerOf({ text, finishReason }: ChatReply): Attributes {
  const said = [{ role: 'assistant', parts: [textPart(text)], finish_reason: finishReason }];
  return { [ATTRIBUTE.outputMessages]: JSON.stringify(said) };
}

function textPart(content: string) {
  return { type: 'text', content: content.slice(0, MAX_CONTENT) };
}

/** An attempt whose answer came and could not be used, too: its call went well, its work did not. */
export function tellFailedAttempt(
  span: Span,
  { number, code, kind }: { number: number; code: string; kind: string },
) {
  span.addEvent('attempt failed', {
    [ATTRIBUTE.attempt]: number,
    [ATTRIBUTE.errorType]: code,
    [ATTRIBUTE.failureKind]: kind,
  });
}

/** Whose API it is. A server that only speaks OpenAI's API counts as OpenAI, as the conventions want it. */
function providerOf(host: string | undefined): string {
  const found = PROVIDERS.find(([name]) => host === name || host?.endsWith(`.${name}`) === true);
  return found?.[1] ?? 'openai';
}
