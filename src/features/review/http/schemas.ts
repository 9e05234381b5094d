import { z } from 'zod';
import { pageCursor, pageLimit, questionIdSchema } from '../../../infra/http/parameters.ts';
import { criterionSchema } from '../../../stages/example.ts';
import { shadowReviewSchema } from '../../../stages/judges/shadow-review.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { questionSchema } from '../../../stages/question.ts';
import { decisionSchema, reviewerSchema } from '../../../stages/store/decision.ts';
import { HOLD_REASONS } from '../../../stages/store/review-queue-repository.ts';
import { userReferenceSchema } from '../../../stages/user-references.ts';
import type { Token } from '../../../streams/work/work.ts';

const why = z.enum(HOLD_REASONS);
const lane = laneNameSchema.default(MAIN_LANE);
const token = z
  .string()
  .min(1)
  .max(100)
  .transform((text) => text as Token);

export const reviewItemSchema = z.object({
  lane: z.string(),
  questionId: z.string(),
  revision: z.int().nonnegative(),
  why,
  heldAt: z.string(),
  question: questionSchema,
  research: z.unknown(),
  candidate: z.unknown().describe('As its training type defines it.'),
  presented: z.string().describe('The candidate as the judge read it.'),
  trainingType: z.string(),
  suspicions: z
    .array(z.string())
    .readonly()
    .describe('What a person should know of its texts, such as letters that nobody sees.'),
  review: z.object({
    scores: z.record(z.string(), criterionSchema),
    score: z.number(),
    verdict: z.string().describe('What the judge says: approved or rejected.'),
    feedback: z.string(),
  }),
  model: z.string().describe('The judge.'),
  shadow: shadowReviewSchema.optional(),
  claimedBy: z.string().optional(),
  askedAs: z
    .array(userReferenceSchema)
    .readonly()
    .optional()
    .describe('The ids and metadata of its askers, of what was claimed.'),
});
export type ReviewItem = Readonly<z.output<typeof reviewItemSchema>>;

export const queueQuerySchema = z.object({ lane, why: why.optional(), cursor: pageCursor, limit: pageLimit });
export const queueSchema = z.object({
  items: z.array(reviewItemSchema).readonly(),
  cursor: z.string().optional(),
  waiting: z.int().nonnegative().describe('How many wait in the lane, for whatever reason.'),
});
export type Queue = Readonly<z.output<typeof queueSchema>>;

export const claimedSchema = z.object({
  item: reviewItemSchema,
  claim: z.object({ token: z.string(), forMs: z.int().positive() }),
});
export type ClaimedItem = Readonly<z.output<typeof claimedSchema>>;
export const nextBodySchema = z.object({ reviewer: reviewerSchema, lane, why: why.optional() });

export const entryParamsSchema = z.object({
  lane: laneNameSchema,
  questionId: questionIdSchema,
});
export const claimBodySchema = z.object({ reviewer: reviewerSchema });
export const releaseBodySchema = z.object({ reviewer: reviewerSchema, token });
export const decisionBodySchema = z.object({
  reviewer: reviewerSchema,
  token,
  revision: z.int().min(0).max(1_000),
  verdict: z.enum(['approve', 'reject', 'edit']),
  reason: decisionSchema.shape.reason,
  candidate: z.unknown().optional().describe('The candidate as it shall be, with the verdict edit.'),
});
export const undoBodySchema = z.object({
  reviewer: reviewerSchema,
  revision: z.int().min(0).max(1_000).describe('Of the decision that is taken back.'),
});
export const decidedSchema = z.object({
  revision: z.int().nonnegative().describe('The revision that the question has by the decision.'),
});

export const decisionsQuerySchema = z.object({
  lane,
  reviewer: reviewerSchema.optional(),
  cursor: pageCursor,
  limit: pageLimit,
});
export const decisionRowSchema = z.object({
  lane: z.string(),
  questionId: z.string(),
  revision: z.int().nonnegative(),
  reviewer: z.string(),
  verdict: z.string(),
  reason: z.string(),
  at: z.string(),
  text: z.string().describe('Of the question, cut off after some hundred characters.'),
  undone: z.boolean(),
});
export type DecisionRow = Readonly<z.output<typeof decisionRowSchema>>;
export const decisionsSchema = z.object({
  decisions: z.array(decisionRowSchema).readonly(),
  next: z.string().nullable(),
});
export type DecisionList = Readonly<z.output<typeof decisionsSchema>>;

export const agreementQuerySchema = z.object({
  lane,
  days: z.coerce.number().int().min(1).max(3_660).default(90),
});
const agreement = z.object({
  decided: z.int().nonnegative(),
  agreed: z.int().nonnegative(),
  accuracy: z.number().nullable(),
  kappa: z.number().nullable().describe("Cohen's kappa: 1 is full agreement, 0 what chance would give."),
});
export const agreementSchema = agreement.extend({
  byDay: z.array(agreement.extend({ day: z.string() })).readonly(),
});
export type AgreementReply = Readonly<z.output<typeof agreementSchema>>;
