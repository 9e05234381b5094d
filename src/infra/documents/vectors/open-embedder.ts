import { embeddingPriceOf, MOST_DIMENSIONS } from '../../config/embedding-settings.ts';
import { environmentVariable } from '../../config/environment-variable.ts';
import { embeddingEndpointOf } from '../../config/model/agent-endpoint.ts';
import { simulationIsAsked } from '../../config/model/is-simulated.ts';
import type { Settings } from '../../config/settings.ts';
import { addressOf, type LlmEndpoint } from '../../models/openai/endpoint.ts';
import { Embedder } from './embedder.ts';
import type { VectorSpace, WantedSpace } from './vector-index.ts';

/**
 * What vectors the settings ask for; `undefined` where they ask for none. A simulated run makes none: invented ones would stand among
 * the paid ones of an index that both share, and what they find is no rehearsal of anything.
 */
export function wantedSpaceOf(settings: Settings): WantedSpace | undefined {
  const { embeddings } = settings;
  if (embeddings === undefined || simulationIsAsked(settings)) return undefined;
  const { model, dimensions } = embeddings;
  const endpoint = embeddingEndpointOf(settings);
  const { apiKeyVariable: keyVariable } = endpoint;
  return { model, dimensions, asked: dimensions !== undefined, address: addressOf(endpoint), keyVariable };
}

/** The variable of a key that is missing, where OpenAI is asked, which answers nobody without one. */
export function missingKeyOf(settings: Settings): string | undefined {
  const { baseUrl, apiKeyVariable, bringKey } = embeddingEndpointOf(settings);
  if (!baseUrl.includes('api.openai.com') || bringKey !== undefined) return undefined;
  return environmentVariable(apiKeyVariable) === undefined ? apiKeyVariable : undefined;
}

/** Who embeds as the settings say. To be closed. Rejects with a Failure (`bad_setting`) for an endpoint that cannot work. */
export async function openEmbedder(
  settings: Settings,
  { patient, space }: Readonly<{ patient: boolean; space?: VectorSpace | undefined }>,
): Promise<Embedder> {
  const [{ embeddingServer }, { httpExchange }] = await Promise.all([
    import('../../models/openai/embeddings.ts'),
    import('../../models/openai/transport/http-exchange.ts'),
  ]);
  return new Embedder({
    server: embeddingServer(endpointFor(settings, space), httpExchange()),
    price: embeddingPriceOf(settings, space?.model),
    mostDimensions: MOST_DIMENSIONS,
    requestsPerMinute: settings.embeddings?.requestsPerMinute,
    patient,
  });
}

/** Vectors that answer until others are made are asked for where they were made. */
function endpointFor(settings: Settings, space: VectorSpace | undefined): LlmEndpoint {
  const own = embeddingEndpointOf(settings);
  if (space === undefined || space.address === addressOf(own)) return own;
  const { address: baseUrl, keyVariable: apiKeyVariable } = space;
  return {
    ...own,
    baseUrl,
    bringKey: undefined,
    apiKey: environmentVariable(apiKeyVariable),
    apiKeyVariable,
  };
}
