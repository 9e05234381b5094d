import type { ChatRequest, ModelSettings } from '../../../stages/agent/chat-model.ts';
import { secretTextsIn } from '../../secret-patterns.ts';
import { abortedFailure } from '../aborted-failure.ts';
import type { ChatBody } from './chat-body.ts';
import {
  addressOf,
  checkedEndpoint,
  type LlmEndpoint,
  secretsOfEndpoint,
  timeoutOf,
  withKey,
} from './endpoint.ts';
import type { CallContext } from './failures/call-context.ts';
import { classify } from './failures/classify.ts';
import { rateReading } from './rate-headers.ts';
import type { HttpExchange } from './transport/http-exchange.ts';
import { leanClient, type Send } from './transport/lean-client.ts';
import type { HeaderReader } from './transport/text-reply.ts';

/** Who hears of an answer, of the server's budgets in its headers and of its body; and what it was asked by. */
type Asking = Pick<ChatRequest, 'settings' | 'onRates' | 'onBody'>;

/** One server: posts a request and gives back the body of the answer, or rejects with a Failure. Retries nothing. */
export type ChatServer = Readonly<{
  address: string;
  host: string;
  post(body: ChatBody, signal: AbortSignal, asking: Asking): Promise<string>;
  /** What its failures have to say of a call by these settings, and what not. */
  contextOf(settings: ModelSettings): CallContext;
}>;

/** The server at an endpoint. Throws a `fatal` Failure for an endpoint that cannot work; connects only when asked. */
export function chatServer(unchecked: LlmEndpoint, exchange: HttpExchange): ChatServer {
  const endpoint = checkedEndpoint(unchecked);
  const timeoutMs = timeoutOf(endpoint);
  const client = clientOf(endpoint, exchange);
  const address = addressOf(endpoint);
  const { apiKey, apiKeyVariable } = endpoint;
  const hasKey = apiKey !== undefined || endpoint.bringKey !== undefined;
  const contextOf = ({ model, extraBody }: ModelSettings): CallContext => ({
    address,
    hasKey,
    secrets: [...client.secrets(), ...secretTextsIn(extraBody)],
    apiKeyVariable,
    model,
    timeoutMs,
  });

  async function post(
    body: ChatBody,
    signal: AbortSignal,
    { settings, onRates, onBody }: Asking,
  ): Promise<string> {
    if (signal.aborted) throw abortedFailure();
    try {
      const send = await client.ready();
      return await send(body, { signal, timeoutMs, onHeaders: headersReader(onRates), onBody });
    } catch (error) {
      throw classify(error, contextOf(settings), signal);
    }
  }

  return { address, host: new URL(endpoint.baseUrl).hostname, post, contextOf };
}

type Client = Readonly<{
  /** With the key of now. */
  ready(): Promise<Send>;
  secrets(): readonly string[];
}>;

/** Rebuilds address and headers only when the key has changed. */
function clientOf(endpoint: LlmEndpoint, exchange: HttpExchange): Client {
  let last = { endpoint, send: leanClient(endpoint, exchange) };
  return {
    ready: async () => {
      if (endpoint.bringKey === undefined) return last.send;
      const keyed = await withKey(endpoint);
      if (keyed.apiKey !== last.endpoint.apiKey)
        last = { endpoint: keyed, send: leanClient(keyed, exchange) };
      return last.send;
    },
    secrets: () => secretsOfEndpoint(last.endpoint),
  };
}

function headersReader(onRates: ChatRequest['onRates']): ((headers: HeaderReader) => void) | undefined {
  if (onRates === undefined) return undefined;
  return (headers) => {
    const reading = rateReading(headers, Date.now());
    if (reading !== undefined) onRates(reading);
  };
}
