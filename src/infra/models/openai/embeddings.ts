import { abortedFailure } from '../aborted-failure.ts';
import { type EmbeddingReply, embeddingReply } from './embedding-reply.ts';
import {
  addressOf,
  checkedEndpoint,
  type LlmEndpoint,
  secretsOfEndpoint,
  timeoutOf,
  withKey,
} from './endpoint.ts';
import { classify } from './failures/classify.ts';
import type { HttpExchange } from './transport/http-exchange.ts';
import { leanClient } from './transport/lean-client.ts';

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
  const timeoutMs = timeoutOf(endpoint);
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
        const { apiKey, apiKeyVariable } = keyed;
        const secrets = secretsOfEndpoint(keyed);
        const context = { address, hasKey: apiKey !== undefined, secrets, apiKeyVariable, model, timeoutMs };
        throw classify(error, context, signal);
      }
    },
  };
}
