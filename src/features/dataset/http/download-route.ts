import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FileType } from '../../../infra/export/encoders/encoder.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { Route } from '../../../infra/http/route.ts';
import { type DownloadQuery, downloadQueryOf, downloadQuerySchema } from './download-query.ts';

const MEDIA_TYPES = { jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

/** A file of a dataset, piece by piece, in memory that does not grow with it. To be closed, read or not. */
type DatasetFile = Readonly<{
  name: string;
  fileType: FileType;
  bytes: AsyncIterable<Uint8Array>;
  close(): void;
}>;

/** Makes the file that is asked for, until `gone`. Rejects with an HttpProblem or a Failure. */
export type DatasetFiles = (query: DownloadQuery, gone: AbortSignal) => Promise<DatasetFile>;

/** GET /v1/dataset/download: the approved examples of a lane, a part or a version, as JSONL or Parquet, streamed. */
export function downloadRoute(files: DatasetFiles): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/download',
    summary: 'The approved examples as JSONL or Parquet, in the format of a trainer.',
    query: downloadQuerySchema(),
    replies: {
      200: {
        description: 'One example a line, or the rows of a Parquet file.',
        mediaType: Object.values(MEDIA_TYPES),
      },
      404: { description: 'There is no such version; `known` names all.' },
      409: {
        description: 'The version is otherwise than what is asked, or cannot be made again to the byte.',
      },
      429: { description: 'Others are reading the ledger.' },
    },
    answer: async (request, reply) => {
      const gone = goneFrom(reply);
      const { name, fileType, bytes, close } = await files(downloadQueryOf(request.query), gone);
      const stream = Readable.from(bytes);
      stream.once('close', close);
      gone.addEventListener('abort', () => stream.destroy());
      reply.type(MEDIA_TYPES[fileType]);
      reply.header('content-disposition', `attachment; filename="${name}"`);
      return stream;
    },
  };
}

/** Aborts once the reply is over, heard to the end or not. */
function goneFrom({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const reason = new HttpProblem(408, 'hung_up', 'The client did not wait for the reply.');
  raw.once('close', () => gone.abort(reason));
  return gone.signal;
}
