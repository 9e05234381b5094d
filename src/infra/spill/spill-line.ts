import { createHash } from 'node:crypto';
import { z } from 'zod';
import { researchSchema, reviewSchema } from '../../stages/example.ts';
import type { Unsaved } from '../../streams/unsaved-writes.ts';
import type { Finished, Token, WorkId } from '../../streams/work.ts';
import { branded } from '../stored/read-stored.ts';
import { attemptSchema, finishedSchema } from '../stored/schemas.ts';

const of = { workId: branded<WorkId>(), token: branded<Token>() };

function answerOf<Stage extends string>(stage: Stage, result: z.ZodType) {
  const finished: z.ZodType<Finished<unknown>> = finishedSchema(result);
  return z.object({ kind: z.literal('answer'), stage: z.literal(stage), ...of, finished });
}

const unsavedSchema = z.union([
  answerOf('research', researchSchema),
  answerOf('generation', z.unknown()),
  answerOf('review', reviewSchema),
  z.object({ kind: z.literal('attempt'), stage: z.string(), ...of, attempt: attemptSchema }),
]);

const lineSchema = z.object({ v: z.literal(1), sha256: z.string(), unsaved: z.unknown() });

/** One unsaved write as a line of a spill file. */
export function spillLine(unsaved: Unsaved): string {
  return `${JSON.stringify({ v: 1, sha256: sumOf(unsaved), unsaved })}\n`;
}

/** `undefined` for a line that is torn, changed or none of ours. */
export function readSpillLine(line: string): Unsaved | undefined {
  const { data } = lineSchema.safeParse(parseJson(line));
  if (data === undefined || sumOf(data.unsaved) !== data.sha256) return undefined;
  return unsavedSchema.safeParse(data.unsaved).data;
}

// JSON of what was parsed from JSON is the same text again.
function sumOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
