import { hash } from 'node:crypto';
import { z } from 'zod';
import type { QuestionId } from '../streams/work/work.ts';
import { MAX_NESTING } from './limits.ts';
import { hasParts, identityOf, partsShape } from './question-parts/parts.ts';
import { isNestedDeeperThan } from './text/nesting-depth.ts';

const MAX_QUESTION_CHARACTERS = 20_000;
const MAX_CONTEXT_CHARACTERS = 400_000;
const MAX_LABEL_CHARACTERS = 200;

const label = z.string().trim().max(MAX_LABEL_CHARACTERS).default('');

/** A question as it travels: its text, what it rests on, and what kind of example it shall become. */
export const questionSchema = z.object({
  text: z.string().trim().min(1, 'the question is empty').max(MAX_QUESTION_CHARACTERS),
  /** Source text that research must rest on; empty if there is none. */
  context: z.string().trim().max(MAX_CONTEXT_CHARACTERS).default(''),
  /** Its subject, such as `chemistry`. */
  topic: label,
  subTopic: label,
  trainingType: z.string().trim().min(1).max(MAX_LABEL_CHARACTERS),
  ...partsShape,
});
export type Question = z.output<typeof questionSchema>;

/** Who asked: kept beside the question, and no part of its identity. */
export const submissionSchema = z.object({
  run: z.string().min(1).max(200),
  /** Where it stood in the run's input, counted from 0. */
  position: z.number().int().nonnegative(),
  /** The user's own id. */
  id: z.string().max(1_000).optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((value) => !isNestedDeeperThan(value, MAX_NESTING), {
      error: `expected at most ${MAX_NESTING} levels, came more`,
      abort: true,
    })
    .optional(),
});
export type Submission = z.output<typeof submissionSchema>;

const SPACES = /\s+/gu;
/** Text that normalising would change in more than its case: most questions have none of it. */
const IRREGULAR = /[^ -~]| {2}|^ | $/;
const known = new WeakMap<Question, QuestionId>();

function normalise(text: string): string {
  if (!IRREGULAR.test(text)) return text.toLowerCase();
  return text.normalize('NFC').replace(SPACES, ' ').trim().toLowerCase();
}

/**
 * The same question twice is one question: letter case and white space do not count, the context, labels and parts do, a
 * reference answer does not.
 */
export function questionIdOf(question: Question): QuestionId {
  const id = known.get(question) ?? hashOf(question);
  known.set(question, id);
  return id;
}

function hashOf(question: Question): QuestionId {
  const { text, context, topic, subTopic, trainingType } = question;
  const parts = [text, context, topic, subTopic, trainingType].map(normalise);
  const more = hasParts(question) ? identityOf(question, normalise) : undefined;
  if (more !== undefined) parts.push(more);
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 24) as QuestionId;
}
