import { z } from 'zod';
import { exportFormats } from '../../../stages/formats/index.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lane.ts';
import { FILE_TYPES } from '../../export/encoder.ts';
import { parsed, type Route } from '../route.ts';

const querySchema = z.object({
  lane: laneNameSchema.default(MAIN_LANE),
  format: z.enum(exportFormats).default('openai').describe('As `millrace export --format` takes it.'),
  fileType: z.enum(FILE_TYPES).default('jsonl'),
});

export type CardQuery = Readonly<z.output<typeof querySchema>>;

/** Makes the card of what a download would bring. Rejects with a Failure. */
export type DatasetCards = (query: CardQuery) => Promise<string>;

const MARKDOWN = 'text/markdown; charset=utf-8';

/** GET /v1/dataset/card: the card of the file that `/v1/dataset/download` brings. */
export function cardRoute(cards: DatasetCards): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/card',
    summary:
      'The dataset card of what a download brings: front matter of the Hugging Face Hub, and Markdown.',
    query: querySchema,
    replies: { 200: { description: 'The card.', mediaType: 'text/markdown' } },
    answer: async (request, reply) => {
      const card = await cards(parsed(querySchema, request.query, 'query'));
      reply.type(MARKDOWN);
      return card;
    },
  };
}
