import { z } from 'zod';
import { usageSchema } from '../../../stages/example.ts';
import { branded } from '../../../stages/store/table/read-stored.ts';
import { attemptSchema } from '../../../stages/store/table/schemas.ts';
import type { Token } from '../../../streams/work/work.ts';

// What a model or a user wrote is kept as JSON text: it must not become a field name of the database.

const spentSchema = z.object({
  failed: z.number(),
  input: z.number(),
  output: z.number(),
  cached: z.number(),
  reasoning: z.number(),
  costUsd: z.number(),
  unpriced: z.number(),
});
/** What the calls of a work cost. `failed` counts those that failed, `unpriced` those whose price is not known. */
export type Spent = z.output<typeof spentSchema>;

/** `research`, `generations`, `reviews` and `works`: one document per piece of paid work, by its WorkId. */
export const workDocumentSchema = z.object({
  _id: z.string(),
  lane: z.string(),
  questionId: z.string(),
  /** In `works`, where those of several stages stand. */
  stage: z.string().optional(),
  revision: z.number(),
  state: z.enum(['claimed', 'done', 'dead']),
  token: branded<Token>(),
  renewal: z.number(),
  drive: z.number(),
  /** How long the holder's lease is. Claims of 0.1.0 do not say. */
  leaseMs: z.number().optional(),
  attempts: z.array(attemptSchema),
  /** The sums of `attempts`, where an index can hold them. */
  spent: spentSchema,
  result: z.string().nullable(),
  model: z.string(),
  recipe: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  published: z.boolean(),
  updatedAt: z.date(),
  /** What a work that goes step by step has done so far, each as JSON text; and how many, so that a claim need not read them. */
  steps: z.array(z.string()).optional(),
  stepCount: z.number().optional(),
  /** The epoch of the counters that know it. */
  counted: z.string().optional(),
});
export type WorkDocument = z.output<typeof workDocumentSchema>;

/** `questions`: where a question stands in a lane, by `lane/questionId`. */
export type QuestionDocument = {
  _id: string;
  lane: string;
  questionId: string;
  question: string;
  topic: string;
  subTopic: string;
  trainingType: string;
  /** Which runs asked for it: one index counts each. */
  runs: string[];
  status: string;
  rank: number;
  published: boolean;
  addedAt: Date;
  updatedAt: Date;
  /** Set at an end. */
  endedAt: Date | null;
  /** The epoch of the counters that know it, and as standing where. */
  counted?: string | undefined;
};

/** `submissions`: what was said by who asked it, by `run/lane/questionId`. */
export type SubmissionDocument = {
  _id: string;
  run: string;
  questionId: string;
  lane: string;
  position: number;
  id: string | null;
  metadata: string | null;
};

/** `dataset` and `rejections`: one document per question and lane, by `lane/questionId`. */
export const outcomeDocumentSchema = z.object({
  _id: z.string(),
  lane: z.string(),
  questionId: z.string(),
  revision: z.number(),
  finished: z.string(),
  published: z.boolean(),
  arrivedAt: z.date(),
});
export type OutcomeDocument = z.output<typeof outcomeDocumentSchema>;

/** `lanes`, by name. */
export type LaneDocument = { _id: string; lane: string };

/** `forgotten`, by question id. */
export type ForgottenDocument = { _id: string; at: Date; finished: boolean };

/**
 * `counters`: sums over documents that name them in `counted`, by epoch and what they are sums of: questions by lane and status, works by
 * stage, lane and recipe.
 */
export type CounterDocument = { _id: string; n: Readonly<Record<string, number>> };
