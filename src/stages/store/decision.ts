import { z } from 'zod';

/** The longest name of a reviewer, in characters. */
const MAX_NAME = 100;
const MAX_REASON = 4_000;

export const reviewerSchema = z
  .string()
  .trim()
  .min(1, 'expected a name')
  .max(MAX_NAME)
  .regex(/\S/, 'expected a name')
  // As every dialect of regular expressions has it: it stands in the OpenAPI document.
  .regex(/^[ -~\u00a0-\uffff]*$/, 'expected a name without control characters');

/**
 * What a person decided about a question: the judge's kind of verdict, with the judge's own beside it. `undo` takes back
 * the decision of the revision before.
 */
export const decisionSchema = z.object({
  reviewer: reviewerSchema,
  verdict: z.enum(['approve', 'reject', 'edit', 'undo']),
  reason: z.string().max(MAX_REASON).default(''),
  /** The candidate as the person wrote it; of an `edit` only. */
  candidate: z.unknown().optional(),
  /** What the judge had said, for the agreement of both. */
  judge: z.enum(['approved', 'rejected']),
  /** By the clock of the server that took the decision (ISO 8601). */
  at: z.string().max(40),
});
export type Decision = Readonly<z.output<typeof decisionSchema>>;
export type PersonVerdict = Decision['verdict'];
