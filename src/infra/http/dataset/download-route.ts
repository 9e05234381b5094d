import { Readable } from 'node:stream';
import { z } from 'zod';
import { type ExportFormat, exportFormats, exportLine } from '../../../stages/formats/index.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lane.ts';
import type { Reports } from '../../../stages/store.ts';
import type { LaneName } from '../../../streams/work.ts';
import { parsed, type Route } from '../route.ts';

const CHUNK_CHARACTERS = 64 * 1024;

const querySchema = z.object({
  lane: laneNameSchema.default(MAIN_LANE),
  format: z.enum(exportFormats).default('openai').describe('As `millrace export --format` takes it.'),
});

/** GET /v1/dataset/download: the approved examples of a lane as JSONL, streamed. */
export function downloadRoute(reports: Reports): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/download',
    summary: 'The approved examples as JSONL, in the format of a trainer.',
    query: querySchema,
    replies: { 200: { description: 'One example a line.', mediaType: 'application/x-ndjson' } },
    answer: (request, reply) => {
      const { lane, format } = parsed(querySchema, request.query, 'query');
      reply.type('application/x-ndjson');
      reply.header('content-disposition', `attachment; filename="dataset-${lane}-${format}.jsonl"`);
      return Readable.from(chunksOf(reports, lane, format));
    },
  };
}

/** Of a format with two shapes of lines the first line decides, as in an exported file. */
async function* chunksOf(reports: Reports, lane: LaneName, format: ExportFormat): AsyncGenerator<string> {
  let pending = '';
  let shape: string | undefined;
  for await (const { example, submission } of reports.dataset({ lane, verdict: 'approved' })) {
    const exported = exportLine(example, format, submission);
    if (exported.kind === 'skipped') continue;
    shape ??= exported.shape;
    if (exported.shape !== shape) continue;
    pending += `${exported.line}\n`;
    if (pending.length < CHUNK_CHARACTERS) continue;
    yield pending;
    pending = '';
  }
  yield pending;
}
