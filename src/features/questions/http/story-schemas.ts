import { z } from 'zod';
import { usageSchema } from '../../../stages/example.ts';
import { shownStatusSchema } from '../../../stages/name-schemas.ts';
import { questionSchema } from '../../../stages/question.ts';
import { shadowVerdictSchema } from '../../../stages/store/shadow-repository.ts';
import { attemptSchema } from '../../../stages/store/table/schemas.ts';
import { userReferenceSchema } from '../../../stages/user-references.ts';
import { deadLetterRowSchema } from '../../redrive/http/schemas.ts';
import { decisionRowSchema } from '../../review/http/schemas.ts';
import { storyStepSchema } from './story-step.ts';

const cursor = z.string().nullable().describe('Ask for the next page with it; null on the last page.');

const questionRowSchema = z.object({
  id: z.string(),
  lane: z.string(),
  text: z.string().describe('Cut off after some hundred characters.'),
  topic: z.string(),
  subTopic: z.string(),
  trainingType: z.string(),
  status: shownStatusSchema,
  revision: z.int().nonnegative(),
  score: z.number().nullable().describe('The lowest score of the last review.'),
  updatedAt: z.string(),
});
export type QuestionRow = Readonly<z.output<typeof questionRowSchema>>;

export const questionPageSchema = z.object({
  questions: z.array(questionRowSchema).readonly(),
  next: cursor,
});
export type QuestionPage = Readonly<z.output<typeof questionPageSchema>>;

/** One piece of work of a question's story. */
const storyWorkSchema = z.object({
  stage: z.string(),
  revision: z.int().nonnegative(),
  state: z.string(),
  model: z.string(),
  recipe: z.string(),
  usage: usageSchema.nullable(),
  costUsd: z.number().nullable(),
  attempts: z.array(attemptSchema).readonly(),
  steps: z
    .array(storyStepSchema)
    .readonly()
    .optional()
    .describe(
      'Each turn and look-up of a work that goes step by step, the first 200. Absent where it is one call.',
    ),
  moreSteps: z.int().positive().optional().describe('How many steps came after those.'),
  result: z.unknown(),
  updatedAt: z.string(),
});
export type StoryWork = Readonly<z.output<typeof storyWorkSchema>>;

/** All that is known of a question in one lane. */
export const storySchema = z.object({
  id: z.string(),
  lane: z.string(),
  lanes: z.array(z.string()).readonly().describe('Every lane that knows the question.'),
  status: shownStatusSchema,
  question: questionSchema,
  submissions: z
    .array(z.object({ run: z.string(), position: z.int(), id: z.string().optional() }))
    .readonly(),
  askedAs: z.array(userReferenceSchema).readonly().describe('The ids and metadata of its askers, each once.'),
  works: z.array(storyWorkSchema).readonly(),
  decisions: z
    .array(
      decisionRowSchema.pick({
        ...{ revision: true, reviewer: true, verdict: true, reason: true, at: true, undone: true },
      }),
    )
    .readonly()
    .describe('What people decided, the oldest first.'),
  shadows: z
    .array(
      shadowVerdictSchema.pick({
        ...{ shadow: true, revision: true, verdict: true, score: true, feedback: true, at: true },
      }),
    )
    .readonly()
    .optional()
    .describe('What shadow judges said of each revision. Absent where none did.'),
  deadLetters: z
    .array(
      deadLetterRowSchema.pick({ id: true, stage: true, kind: true, code: true, message: true, at: true }),
    )
    .readonly(),
});
export type Story = Readonly<z.output<typeof storySchema>>;
