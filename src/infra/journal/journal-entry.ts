import { z } from 'zod';
import type { KeptLookUp } from '../../stages/store/look-up-repository.ts';
import { branded } from '../../stages/store/table/read-stored.ts';
import { attemptSchema, finishedSchema, stepSchema } from '../../stages/store/table/schemas.ts';
import { agentRows } from '../../stages/table.ts';
import { parseJson } from '../../stages/text/json.ts';
import type { Arrival, UnsavedOfWork } from '../../streams/work/journal.ts';
import type { Token, WorkId } from '../../streams/work/work.ts';

/** What stands in a journal or, without arrivals, in a spill file. */
export type JournalEntry =
  | UnsavedOfWork
  | Readonly<{ kind: 'look-up'; lookUp: KeptLookUp }>
  | Readonly<{ kind: 'arrival'; arrival: Arrival; body: Buffer }>;

const of = { workId: branded<WorkId>(), token: branded<Token>() };

/** The result of an answer has the shape that the row of its stage says; that of a stage which is not here is nobody's. */
const answerSchema = z
  .object({ kind: z.literal('answer'), stage: z.string(), ...of, finished: finishedSchema(z.unknown()) })
  .transform((answer, context) => {
    const row = agentRows().find(({ name }) => name === answer.stage);
    const result = row?.result.safeParse(answer.finished.result);
    if (result?.success === true) return { ...answer, finished: { ...answer.finished, result: result.data } };
    context.addIssue({
      code: 'custom',
      message: `expected a result of a stage, came one of ${answer.stage}`,
    });
    return z.NEVER;
  });

export const unsavedSchema = z.union([
  answerSchema,
  z.object({ kind: z.literal('attempt'), stage: z.string(), ...of, attempt: attemptSchema }),
  z.object({ kind: z.literal('step'), stage: z.string(), ...of, step: stepSchema }),
]);

const lookUpSchema = z.object({
  kind: z.literal('look-up'),
  lookUp: z.object({
    key: z.string(),
    tool: z.string(),
    atMs: z.number(),
    untilMs: z.number(),
    sources: z.array(z.string()),
    body: z.unknown(),
  }),
});

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
  step: stepSchema.pick({ n: true, key: true, kind: true, drive: true }).optional(),
});

/** `undefined` for an entry that is not ours, such as a kind of a later version. */
export function readEntry(facts: Buffer, body: Buffer): JournalEntry | undefined {
  const value = parseJson(facts.toString());
  const arrival = arrivalSchema.safeParse(value);
  if (arrival.success) return { kind: 'arrival', arrival: arrival.data, body };
  return unsavedSchema.safeParse(value).data ?? lookUpSchema.safeParse(value).data;
}
