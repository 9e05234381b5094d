import { z } from 'zod';
import { MAX_NESTING } from '../../stages/limits.ts';
import { isNestedDeeperThan } from '../../stages/nesting-depth.ts';
import { questionSchema } from '../../stages/question.ts';

const MAX_ID_CHARACTERS = 1_000;

const wholeCharacters = (text: string): boolean => text.isWellFormed();
const halfCharacter = { error: 'expected whole characters, came half of a surrogate pair' };

const id = z
  .union([z.string(), z.number()], {
    error: (issue) => `expected text or a number, came ${kindOf(issue.input)}`,
  })
  // JSON numbers past 2^53 have lost digits by the time they are parsed.
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: 'expected a number of at most 15 digits, or text, came a longer number',
  })
  .transform((value) => String(value).trim())
  .pipe(z.string().max(MAX_ID_CHARACTERS))
  .transform((value) => (value === '' ? undefined : value));

const metadata = z
  .record(z.string(), z.unknown(), { error: (issue) => `expected an object, came ${kindOf(issue.input)}` })
  .refine((value) => !isNestedDeeperThan(value, MAX_NESTING), {
    error: `expected at most ${MAX_NESTING} levels, came more`,
  });

const text = questionSchema.shape.text.refine(wholeCharacters, halfCharacter);
const context = questionSchema.shape.context.refine(wholeCharacters, halfCharacter);

export type EntryValues = z.output<ReturnType<typeof entrySchema>>;

/** What the known fields of an entry must be, and its `others`, when `trainingTypes` are the known training types. */
export function entrySchema(trainingTypes: readonly string[]) {
  return z.object({
    question: text,
    context,
    topic: questionSchema.shape.topic,
    subTopic: questionSchema.shape.subTopic,
    trainingType: z
      .string()
      .trim()
      .pipe(z.enum(['', ...trainingTypes]))
      .default(''),
    id: id.optional(),
    metadata: metadata.optional(),
    others: metadata,
  });
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'text';
  return `a ${typeof value}`;
}
