import { z } from 'zod';
import { researchSchema, reviewSchema } from '../../stages/example.ts';
import { branded } from '../../stages/store/table/read-stored.ts';
import { attemptSchema, finishedSchema } from '../../stages/store/table/schemas.ts';
import type { Arrival, Unsaved } from '../../streams/work/journal.ts';
import type { Finished, Token, WorkId } from '../../streams/work/work.ts';

/** What stands in a journal or, without arrivals, in a spill file. */
export type JournalEntry = Unsaved | Readonly<{ kind: 'arrival'; arrival: Arrival; body: Buffer }>;

const of = { workId: branded<WorkId>(), token: branded<Token>() };

function answerOf<Stage extends string>(stage: Stage, result: z.ZodType) {
  const finished: z.ZodType<Finished<unknown>> = finishedSchema(result);
  return z.object({ kind: z.literal('answer'), stage: z.literal(stage), ...of, finished });
}

export const unsavedSchema = z.union([
  answerOf('research', researchSchema),
  answerOf('generation', z.unknown()),
  answerOf('review', reviewSchema),
  z.object({ kind: z.literal('attempt'), stage: z.string(), ...of, attempt: attemptSchema }),
]);

const arrivalSchema: z.ZodType<Arrival> = z.object({
  kind: z.literal('arrival'),
  stage: z.string(),
  ...of,
  number: z.number().int().positive(),
  startedAt: z.string(),
  durationMs: z.number(),
  earlier: z.array(attemptSchema),
  form: z.enum(['completion', 'reply']),
  codings: z.string(),
  model: z.string(),
  recipe: z.string(),
  shape: z.string(),
});

/** `undefined` for what is none of ours, such as a kind of a later version. */
export function readEntry(facts: Buffer, body: Buffer): JournalEntry | undefined {
  const value = parseJson(facts.toString());
  const arrival = arrivalSchema.safeParse(value);
  if (arrival.success) return { kind: 'arrival', arrival: arrival.data, body };
  return unsavedSchema.safeParse(value).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
