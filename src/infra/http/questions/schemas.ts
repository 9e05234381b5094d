import { z } from 'zod';

/** A question as a client writes it. What an entry really has to be is decided by src/infra/input, as for a file. */
export const questionInput = z
  .union([
    z.string(),
    z.looseObject({
      question: z.string(),
      context: z.string().optional().describe('Source text that research must rest on.'),
      topic: z.string().optional(),
      sub_topic: z.string().optional(),
      training_type: z.string().optional().describe('sft, reasoning, conversation or dpo.'),
      id: z.union([z.string(), z.number()]).optional().describe('Your own id.'),
      metadata: z.record(z.string(), z.unknown()).optional(),
    }),
  ])
  .describe('A question; fields with another name are kept as metadata.');

export const questionsInput = z.union([
  questionInput,
  z.array(questionInput),
  z.object({ questions: z.array(questionInput) }),
]);

const id = z.string().describe('The id of the question: it depends on the question alone.');
const line = z.int().describe('Line of NDJSON or entry of an array, counted from 1.');

export const entryResult = z.discriminatedUnion('status', [
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
