import { z } from 'zod';
import { type ExampleFilter, exampleFilterSchema, REVIEWERS } from '../../../stages/example-filter.ts';
import { type ExportFormat, exportFormats } from '../../../stages/formats/index.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lane.ts';
import type { LaneName } from '../../../streams/work.ts';
import { FILE_TYPES, type FileType } from '../../export/encoder.ts';
import { parsed } from '../route.ts';

/** What is asked of a download, and of its card. */
export const downloadQuerySchema = z.object({
  lane: laneNameSchema.default(MAIN_LANE),
  format: z.enum(exportFormats).default('openai').describe('As `millrace export --format` takes it.'),
  fileType: z.enum(FILE_TYPES).default('jsonl'),
  topic: z.string().optional(),
  subTopic: z.string().optional(),
  trainingType: z.string().optional(),
  reviewer: z.enum(REVIEWERS).optional().describe('Whose verdict counted.'),
  minScore: z.coerce.number().min(1).max(10).optional().describe('The least that the lowest score must be.'),
});

export type DownloadQuery = Readonly<{
  lane: LaneName;
  format: ExportFormat;
  fileType: FileType;
  filter: ExampleFilter;
}>;

/** Throws a 400 that says what was expected. */
export function downloadQueryOf(query: unknown): DownloadQuery {
  const { lane, format, fileType, ...filter } = parsed(downloadQuerySchema, query, 'query');
  return { lane, format, fileType, filter: exampleFilterSchema.parse(filter) };
}
