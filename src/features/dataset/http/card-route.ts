import { z } from 'zod';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { type DownloadQuery, downloadQueryOf, downloadQuerySchema } from './download-query.ts';

/**
 * Makes the card of what a download would bring; of a large lane, unless the whole is asked for, from the examples that came first.
 * Rejects with a Failure.
 */
export type DatasetCards = (query: DownloadQuery, whole: boolean) => Promise<string>;

const wholeSchema = z.object({
  whole: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: read every example, however many. Default: the first 5,000 of a lane.'),
});

const MARKDOWN = 'text/markdown; charset=utf-8';

/** GET /v1/dataset/card: the card of the file that `/v1/dataset/download` brings. */
export function cardRoute(cards: DatasetCards): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/card',
    summary:
      'The dataset card of what a download brings: front matter of the Hugging Face Hub, and Markdown.',
    query: downloadQuerySchema().extend(wholeSchema.shape),
    replies: {
      200: { description: 'The card.', mediaType: 'text/markdown' },
      404: { description: 'There is no such version; `known` names all.' },
      409: {
        description: 'The version is otherwise than what is asked, or cannot be made again to the byte.',
      },
      429: { description: 'Others are reading the ledger.' },
    },
    answer: async (request, reply) => {
      const { whole } = parsed(wholeSchema, request.query, 'query');
      const card = await cards(downloadQueryOf(request.query), whole === 'true');
      reply.type(MARKDOWN);
      return card;
    },
  };
}
