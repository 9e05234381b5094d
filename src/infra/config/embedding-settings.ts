import { z } from 'zod';
import { type PriceTable, priceOf, pricesWith } from '../models/prices.ts';
import { apiKeyVariable, baseUrl, positive, requestsPerMinute } from './agent-settings.ts';

/** No model in use gives more; a reply is held against it before it is read. */
export const MOST_DIMENSIONS = 8_192;

/** By whose vectors documents are searched beside their words. */
export const embeddingSettings = {
  embeddings: z
    .strictObject({
      model: z.string().min(1),
      baseUrl: baseUrl.optional(),
      apiKeyVariable: apiKeyVariable.optional(),
      dimensions: positive.max(MOST_DIMENSIONS).optional(),
      price: z.number().nonnegative().optional(),
      requestsPerMinute: requestsPerMinute.optional(),
    })
    .optional()
    .describe(
      'A model whose vectors documents are searched by, beside their words: `{ "model": "text-embedding-3-small", "price": 0.02 }`; `baseUrl` and `apiKeyVariable` as for agents, `dimensions` to ask for, `price` in US dollars per million tokens. If left out: words alone. See [sources](sources.md#by-meaning-as-well).',
    ),
};
export type EmbeddingSettings = NonNullable<z.output<typeof embeddingSettings.embeddings>>;

/** US dollars per million tokens of an embedding model; `undefined` where nobody knows. */
export function embeddingPriceOf(
  { embeddings, prices }: Readonly<{ embeddings?: EmbeddingSettings | undefined; prices: PriceTable }>,
  model = embeddings?.model ?? '',
): number | undefined {
  const own = embeddings?.model === model ? embeddings.price : undefined;
  return own ?? priceOf(pricesWith(prices), model)?.input;
}
