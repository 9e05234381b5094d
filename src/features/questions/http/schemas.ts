import { z } from 'zod';
import { FIELD_NAME } from '../../../stages/question-parts/parts.ts';
import { toolNameSchema } from '../../../stages/question-parts/tools.ts';

const text = z.string().regex(/\S/).max(20_000);
const label = z.string().max(200).optional();
const title = z.string().max(1_000).optional();
const turn = z.looseObject({ role: z.enum(['user', 'assistant', 'tool']), content: z.string() });

/** A question as a client writes it. What an entry really has to be is decided by src/infra/input, as for a file. */
function questionInput(trainingTypes: readonly string[]) {
  return z
    .union([
      text,
      z.looseObject({
        question: text,
        context: z.string().max(400_000).optional().describe('Source text that research must rest on.'),
        topic: label,
        sub_topic: label,
        training_type: z.enum(trainingTypes).optional(),
        system: z
          .string()
          .max(20_000)
          .optional()
          .describe('System prompt under which the assistant answers.'),
        tools: z
          .array(
            z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: toolNameSchema }) }),
          )
          .max(64)
          .optional()
          .describe('What the assistant may call, as OpenAI writes tools.'),
        history: z
          .array(turn)
          .max(200)
          .optional()
          .describe('What was said before: whole turns, from the user to the assistant.'),
        passages: z
          .array(z.union([text, z.looseObject({ text, id: title, title })]))
          .max(50)
          .optional()
          .describe('Texts that the answer rests on.'),
        fields: z
          .record(z.string().regex(FIELD_NAME), z.unknown())
          .optional()
          .describe('Values of your own for {{fields.NAME}} in prompts: they tell questions apart.'),
        reference: z
          .string()
          .max(200_000)
          .optional()
          .describe('An answer that is known to be right: the judge sees it, no writer does.'),
        id: z
          .union([z.string().max(1_000), z.int()])
          .optional()
          .describe('Your own id.'),
        metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    ])
    .describe('A question; fields with another name are kept as metadata.');
}

/** What a request may bring: as one JSON value, and as a line of NDJSON. */
export function questionInputs(trainingTypes: readonly string[]) {
  const line = questionInput(trainingTypes);
  const list = z.array(line).min(1);
  return { line, whole: z.union([line, list, z.object({ questions: list })]) };
}

const id = z.string().describe('The id of the question: it depends on the question alone.');
const line = z.int().describe('Line of NDJSON or entry of an array, counted from 1.');

const entryResult = z.discriminatedUnion('status', [
  z.object({ line, status: z.literal('accepted'), id }),
  z.object({ line, status: z.literal('duplicate').describe('It stands earlier in the request.'), id }),
  z.object({ line, status: z.literal('rejected'), reason: z.string() }),
]);
export type EntryResult = Readonly<z.output<typeof entryResult>>;

export const acceptedSchema = z.object({
  run: z.string().describe('Names this request: see /v1/runs/{run}.'),
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  results: z.array(entryResult).readonly(),
});
export type Accepted = Readonly<z.output<typeof acceptedSchema>>;
