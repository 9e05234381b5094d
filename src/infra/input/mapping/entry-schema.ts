import { z } from 'zod';
import {
  metadataInputSchema,
  questionInputSchema,
  submissionInputSchema,
} from '../../../stages/input-schemas.ts';
import { faultInSources } from '../../../stages/question-parts/parts.ts';
import { LongNumber } from '../../../stages/text/parse-exact.ts';

const id = z
  .union([z.string(), z.number(), z.instanceof(LongNumber).transform(({ digits }) => digits)], {
    error: (issue) => `expected text or a number, came ${kindOf(issue.input)}`,
  })
  // Such as 1e21: how it was written is not known any more.
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: 'expected a number of at most 15 digits, or text, came a longer number',
  })
  .transform((value) => String(value).trim())
  .pipe(submissionInputSchema.shape.id.unwrap())
  .transform((value) => (value === '' ? undefined : value));

const { text, context, topic, subTopic, system, tools, history, passages, fields, reference } =
  questionInputSchema.shape;

export type EntryValues = z.output<ReturnType<typeof entrySchema>>;

/** What the known fields of an entry must be, and its `others`, when `trainingTypes` are the known training types. */
export function entrySchema(trainingTypes: readonly string[]) {
  return z
    .object({
      question: text,
      context,
      topic,
      sub_topic: subTopic,
      training_type: z
        .string()
        .trim()
        .pipe(z.enum(['', ...trainingTypes]))
        .default(''),
      ...{ system, tools, history, passages, fields, reference },
      id: id.optional(),
      metadata: metadataInputSchema.optional(),
      others: metadataInputSchema,
    })
    .superRefine(({ context, passages }, { addIssue }) => {
      const message = faultInSources(context, passages);
      if (message !== undefined) addIssue({ code: 'custom', path: ['passages'], message });
    });
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof LongNumber) return 'a number';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'text';
  return `a ${typeof value}`;
}
