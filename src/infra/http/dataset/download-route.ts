import { Readable } from 'node:stream';
import { z } from 'zod';
import { exampleFilterSchema, REVIEWERS } from '../../../stages/example-filter.ts';
import { exportFormats } from '../../../stages/formats/index.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lane.ts';
import { FILE_TYPES } from '../../export/encoder.ts';
import { parsed, type Route } from '../route.ts';
import type { DatasetBytes } from './dataset-bytes.ts';

const querySchema = z.object({
  lane: laneNameSchema.default(MAIN_LANE),
  format: z.enum(exportFormats).default('openai').describe('As `millrace export --format` takes it.'),
  fileType: z.enum(FILE_TYPES).default('jsonl'),
  topic: z.string().optional(),
  subTopic: z.string().optional(),
  trainingType: z.string().optional(),
  reviewer: z.enum(REVIEWERS).optional().describe('Whose verdict counted.'),
  minScore: z.coerce.number().min(1).max(10).optional().describe('The least that the lowest score must be.'),
});

const MEDIA_TYPES = { jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

/** GET /v1/dataset/download: the approved examples of a lane as JSONL or Parquet, streamed. */
export function downloadRoute(dataset: DatasetBytes): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/download',
    summary: 'The approved examples as JSONL or Parquet, in the format of a trainer.',
    query: querySchema,
    replies: {
      200: {
        description: 'One example a line, or the rows of a Parquet file.',
        mediaType: Object.values(MEDIA_TYPES),
      },
    },
    answer: (request, reply) => {
      const { lane, format, fileType, ...filter } = parsed(querySchema, request.query, 'query');
      reply.type(MEDIA_TYPES[fileType]);
      reply.header('content-disposition', `attachment; filename="dataset-${lane}-${format}.${fileType}"`);
      return Readable.from(dataset({ lane, format, fileType, filter: exampleFilterSchema.parse(filter) }));
    },
  };
}
