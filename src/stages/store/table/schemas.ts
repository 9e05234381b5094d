import { z } from 'zod';
import type { FailureKind } from '../../../streams/failure.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { Attempt, Finished, LaneName, QuestionId, WorkKey } from '../../../streams/work/work.ts';
import { usageSchema } from '../../example.ts';
import { branded } from './read-stored.ts';

const FAILURE_KINDS = ['transient', 'outage', 'content', 'poison', 'fatal'] as const;

export const failureKindSchema: z.ZodType<FailureKind> = z.enum(FAILURE_KINDS);

export const attemptSchema: z.ZodType<Attempt> = z.object({
  number: z.number(),
  startedAt: z.string(),
  durationMs: z.number(),
  outcome: z.enum(['ok', ...FAILURE_KINDS]),
  code: z.string(),
  message: z.string(),
  model: z.string(),
  finishReason: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  reply: z.string(),
  lookUps: z.number().optional(),
});

export const stepSchema = z.object({
  n: z.number().int().nonnegative(),
  key: z.string(),
  kind: z.enum(['search', 'turn', 'result']),
  drive: z.number(),
  at: z.string(),
  durationMs: z.number(),
  model: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  failed: z.literal(true).optional(),
  body: z.unknown(),
}) satisfies z.ZodType<Step>;

export const workKeySchema: z.ZodType<WorkKey> = z.object({
  lane: branded<LaneName>(),
  questionId: branded<QuestionId>(),
  stage: z.string(),
  revision: z.number(),
  drive: z.number(),
});

export function finishedSchema<Result>(result: z.ZodType<Result>): z.ZodType<Finished<Result>> {
  return z.object({
    result,
    model: z.string(),
    recipe: z.string(),
    usage: usageSchema,
    costUsd: z.number().nullable(),
    attempts: z.array(attemptSchema),
  });
}
