import { z } from 'zod';
import { FILE_TYPES, type FileType } from '../../../infra/export/encoders/encoder.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed } from '../../../infra/http/route.ts';
import { versionNameSchema } from '../../../stages/dataset/dataset-version.ts';
import {
  type ExampleFilter,
  exampleFilterSchema,
  REVIEWERS,
} from '../../../stages/dataset/example-filter.ts';
import {
  SPLIT_FORMS,
  SPLIT_NAMES,
  type Split,
  type SplitName,
  splitOf,
} from '../../../stages/dataset/split.ts';
import { HELD, type Held } from '../../../stages/formats/format.ts';
import { type ExportFormat, formatSlot } from '../../../stages/formats/index.ts';
import { CONTEXT_TURNS } from '../../../stages/formats/turn.ts';
import { laneNameSchema } from '../../../stages/lanes/lane.ts';
import type { LaneName } from '../../../streams/work/work.ts';

/** What is asked of a download, and of its card: among the formats that are registered now. */
export const downloadQuerySchema = () =>
  z.object({
    lane: laneNameSchema.optional().describe('Default: main, or that of the version.'),
    format: z
      .enum(formatSlot.names)
      .optional()
      .describe('As `millrace export --format` takes it. Default: openai, or that of the version.'),
    fileType: z.enum(FILE_TYPES).optional().describe('Default: jsonl, or that of the version.'),
    topic: z.string().optional(),
    subTopic: z.string().optional(),
    trainingType: z.string().optional(),
    reviewer: z.enum(REVIEWERS).optional().describe('Whose verdict counted.'),
    minScore: z.coerce
      .number()
      .min(1)
      .max(10)
      .optional()
      .describe('The least that the lowest score must be.'),
    skipMarks: z
      .enum(['true', 'false'])
      .optional()
      .describe('`true`: without texts that hold marks which trainers obey, or letters that nobody sees.'),
    contextTurn: z
      .enum(CONTEXT_TURNS)
      .optional()
      .describe('`before`: the source that a question brings leads its user message.'),
    without: z
      .string()
      .regex(/^(?:system|tools)(?:,(?:system|tools))?$/, 'expected system, tools, or both with a comma')
      .optional()
      .describe(
        'What is taken from examples for formats without a place for it: `system`, `tools`, or both with a comma.',
      ),
    split: z.string().max(100).optional().describe(`The shares of the parts: ${SPLIT_FORMS}. With \`part\`.`),
    part: z.enum(SPLIT_NAMES).optional().describe('Only this part, of `split` or of the version.'),
    since: z
      .string()
      .max(100)
      .optional()
      .describe('Only what was approved after a version, by its name, or after a day or time with its zone.'),
    version: versionNameSchema
      .optional()
      .describe('The rows of this version. Of lane, filters and split only what it is itself goes with it.'),
  });

/** What a download and its card may be answered with beside what is asked for. */
export const DOWNLOAD_PROBLEMS = {
  404: { description: 'There is no such version; `known` names all.' },
  409: { description: 'The version is otherwise than what is asked, or cannot be made again to the byte.' },
  429: { description: 'Others are reading the ledger.' },
} as const;

export type DownloadQuery = Readonly<{
  lane: LaneName | undefined;
  format: ExportFormat | undefined;
  fileType: FileType | undefined;
  filter: ExampleFilter;
  split: Split | undefined;
  part: SplitName | undefined;
  since: string | undefined;
  version: string | undefined;
}>;

/** Throws a 400 that says what was expected. */
export function downloadQueryOf(query: unknown): DownloadQuery {
  const given = parsed(downloadQuerySchema(), query, 'query');
  const {
    lane,
    format,
    fileType,
    split: shares,
    part,
    since,
    version,
    skipMarks,
    without,
    ...filter
  } = given;
  const split = shares === undefined ? undefined : splitOf(shares);
  if (shares !== undefined && split === undefined)
    throw bad(`split: expected ${SPLIT_FORMS}, came ${shares}`);
  if (version !== undefined && since !== undefined)
    throw bad('since: a version is what it is, so this does not go with version');
  if (version === undefined) checkPart(split, part);
  return {
    ...{ lane, format, fileType, split, part, since, version },
    filter: exampleFilterSchema.parse({
      ...filter,
      ...(skipMarks === 'true' ? { skipMarks: true } : {}),
      ...(without === undefined ? {} : { without: heldIn(without) }),
    }),
  };
}

/** In one order, so that the same request is the same. */
function heldIn(without: string): readonly Held[] {
  const names = without.split(',');
  return HELD.filter((each) => names.includes(each));
}

function checkPart(split: Split | undefined, part: SplitName | undefined): void {
  if (split === undefined && part === undefined) return;
  if (split === undefined) throw bad('part: expected split beside it, such as split=90/5/5');
  const names = split.map(([name]) => name);
  if (part === undefined) throw bad(`split: expected part beside it, one of ${names.join(', ')}`);
  if (!names.includes(part)) throw bad(`part: expected one of ${names.join(', ')} with this split`);
}

function bad(reason: string): HttpProblem {
  return new HttpProblem(400, 'bad_request', `Bad query: ${reason}.`);
}
