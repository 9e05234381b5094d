import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { linesOf } from '../../../infra/export/dataset-file.ts';
import type { FileType, RowEncoder } from '../../../infra/export/encoders/encoder.ts';
import { rowEncoder } from '../../../infra/export/encoders/row-encoder.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { Route } from '../../../infra/http/route.ts';
import {
  DOWNLOAD_PROBLEMS,
  type DownloadQuery,
  downloadQueryOf,
  downloadQuerySchema,
} from './download-query.ts';
import { type DatasetOpener, describedDataset, type OpenDataset } from './open-dataset.ts';

const MEDIA_TYPES = { jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

/** GET /v1/dataset/download: the approved examples of a lane, a part or a version, as JSONL or Parquet, streamed. */
export function downloadRoute(open: DatasetOpener): Route {
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
      ...DOWNLOAD_PROBLEMS,
    },
    answer: async (request, reply) => {
      const gone = goneFrom(reply);
      const { name, fileType, bytes, close } = await fileOf(open, downloadQueryOf(request.query), gone);
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

/** A file of a dataset, piece by piece, in memory that does not grow with it. To be closed, read or not. */
type DatasetFile = Readonly<{
  name: string;
  fileType: FileType;
  bytes: AsyncIterable<Uint8Array>;
  close(): void;
}>;

/**
 * The file that is asked for, until `gone`. One of a version is sent only once it is known to be the same to the byte. Rejects with an
 * HttpProblem or a Failure.
 */
async function fileOf(open: DatasetOpener, query: DownloadQuery, gone: AbortSignal): Promise<DatasetFile> {
  const opened = await open(query, { gone });
  const { wanted, close } = opened;
  try {
    if (wanted.same !== undefined) await describedDataset(opened);
    return { name: wanted.name, fileType: wanted.fileType, bytes: bytesOf(opened), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Of several shapes of lines the first decides, as in an exported file. */
async function* bytesOf({ wanted, rows, shape: decided }: OpenDataset): AsyncGenerator<Uint8Array> {
  const { format, fileType } = wanted;
  let encoder: RowEncoder | undefined;
  let shape = decided;
  for await (const exported of rows()) {
    for (const each of linesOf(exported, format)) {
      if (each.kind === 'skipped') continue;
      shape ??= each.shape;
      if (each.shape !== shape) continue;
      encoder ??= await rowEncoder(fileType, format, shape);
      const bytes = encoder.add(each);
      if (bytes !== undefined) yield bytes;
    }
  }
  encoder ??= await rowEncoder(fileType, format, shape);
  yield encoder.end();
}
