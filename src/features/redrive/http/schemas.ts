import { z } from 'zod';
import { attemptSchema } from '../../../stages/store/table/schemas.ts';

/** A dead letter in a list. */
export const deadLetterRowSchema = z.object({
  id: z.string(),
  state: z.enum(['open', 'redriving', 'sent', 'closed']),
  stage: z.string(),
  kind: z.string(),
  code: z.string(),
  message: z.string(),
  question: z.string().nullable().describe('Its text, or how it begins. Null where nobody could read one.'),
  questionId: z.string().nullable().describe('Null for a record that nobody could read.'),
  lane: z.string().nullable(),
  attempts: z.int().nonnegative(),
  firstAt: z.string(),
  at: z.string(),
});
export type DeadLetterRow = Readonly<z.output<typeof deadLetterRowSchema>>;

export const deadLetterPageSchema = z.object({
  letters: z.array(deadLetterRowSchema).readonly(),
  next: z.string().nullable().describe('Ask for the next page with it; null on the last page.'),
});
export type DeadLetterPage = Readonly<z.output<typeof deadLetterPageSchema>>;

export const deadLetterDetailSchema = deadLetterRowSchema.omit({ attempts: true }).extend({
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  headers: z.record(z.string(), z.string()),
  value: z.string().nullable().describe('As text; bytes that are no text are shown as escapes.'),
  drive: z.int().nonnegative().describe('How often it was sent again.'),
  attempts: z.array(attemptSchema).readonly(),
});
export type DeadLetterDetail = Readonly<z.output<typeof deadLetterDetailSchema>>;

/** Open dead letters by what they have in common. */
export const deadLetterStatsSchema = z.object({
  groups: z
    .array(
      z.object({
        stage: z.string(),
        kind: z.string(),
        code: z.string(),
        count: z.int().positive(),
        firstAt: z.string(),
        lastAt: z.string(),
      }),
    )
    .readonly(),
});
export type DeadLetterStats = Readonly<z.output<typeof deadLetterStatsSchema>>;

export const redriveBodySchema = z.object({
  stage: z.string().max(200).optional(),
  kind: z.string().max(200).optional(),
  code: z.string().max(200).optional(),
  dryRun: z.boolean().default(true),
});
export type RedriveBody = z.input<typeof redriveBodySchema>;

export const redriveReplySchema = z.object({
  dryRun: z.boolean(),
  letters: z.int().nonnegative().describe('Sent again, or that would be.'),
  estimatedCostUsd: z.number().nullable().describe('By what their attempts cost so far.'),
});
export type RedriveReply = Readonly<z.output<typeof redriveReplySchema>>;
