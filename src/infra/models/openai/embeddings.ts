import { abortedFailure } from '../aborted-failure.ts';
import { type EmbeddingReply, embeddingReply } from './embedding-reply.ts';
import { addressOf, checkedEndpoint, type LlmEndpoint, secretsOfEndpoint, withKey } from './endpoint.ts';
import type { CallContext } from './failures/call-context.ts';
import { classify } from './failures/classify.ts';
import type { HttpExchange } from './transport/http-exchange.ts';
import { leanClient } from './transport/lean-client.ts';
import { TimedOut } from './transport/text-handler.ts';

const DEFAULT_TIMEOUT_MS = 300_000;

/** What is asked of whom. */
type EmbeddingRequest = Readonly<{
  model: string;
  /** To be asked for; absent: as the model gives them. */
  ask?: number | undefined;
  /** That each vector must have; absent: any. */
  dimensions?: number | undefined;
  mostDimensions: number;
  texts: readonly string[];
}>;

/** One server that speaks OpenAI's embeddings API. Retries nothing; rejects with Failures. */
export type EmbeddingServer = Readonly<{
  /** For people: without log-in, query and key. */
  address: string;
  embed(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddingReply>;
}>;

/** The server at an endpoint. Throws a `fatal` Failure (`bad_setting`) for one that cannot work; connects only when asked. */
export function embeddingServer(unchecked: LlmEndpoint, exchange: HttpExchange): EmbeddingServer {
  const endpoint = checkedEndpoint(unchecked);
  const address = addressOf(endpoint);
  const timeoutMs = endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    address,
    embed: async ({ model, ask, dimensions, mostDimensions, texts }, signal) => {
      if (signal.aborted) throw abortedFailure();
      let keyed = endpoint;
      try {
        keyed = await withKey(endpoint);
        const body = { model, input: texts, ...(ask === undefined ? {} : { dimensions: ask }) };
        const text = await leanClient(keyed, exchange, '/embeddings')(body, { signal, timeoutMs });
        return embeddingReply(text, { address, texts: texts.length, dimensions, mostDimensions });
      } catch (error) {
        const ended = error instanceof TimedOut ? 'timed-out' : signal.aborted ? 'aborted' : undefined;
        throw classify(error, { ...contextOf(keyed, model), timeoutMs, ended });
      }
    },
  };
}

function contextOf(endpoint: LlmEndpoint, model: string): Omit<CallContext, 'timeoutMs' | 'ended'> {
  const { apiKey, apiKeyVariable } = endpoint;
  const secrets = secretsOfEndpoint(endpoint);
  return { address: addressOf(endpoint), hasKey: apiKey !== undefined, secrets, apiKeyVariable, model };
}
