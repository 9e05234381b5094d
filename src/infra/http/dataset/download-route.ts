import { Readable } from 'node:stream';
import type { Route } from '../route.ts';
import type { DatasetBytes } from './dataset-bytes.ts';
import { downloadQueryOf, downloadQuerySchema } from './download-query.ts';

const MEDIA_TYPES = { jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

/** GET /v1/dataset/download: the approved examples of a lane as JSONL or Parquet, streamed. */
export function downloadRoute(dataset: DatasetBytes): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/download',
    summary: 'The approved examples as JSONL or Parquet, in the format of a trainer.',
    query: downloadQuerySchema,
    replies: {
      200: {
        description: 'One example a line, or the rows of a Parquet file.',
        mediaType: Object.values(MEDIA_TYPES),
      },
    },
    answer: (request, reply) => {
      const query = downloadQueryOf(request.query);
      const { lane, format, fileType } = query;
      reply.type(MEDIA_TYPES[fileType]);
      reply.header('content-disposition', `attachment; filename="dataset-${lane}-${format}.${fileType}"`);
      return Readable.from(dataset(query));
    },
  };
}
