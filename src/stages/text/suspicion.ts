import type { Question } from '../question.ts';
import { templateTokenIn } from './chat-template-tokens.ts';
import { hasUnseen } from './invisible-characters.ts';
import { instructsJudge } from './prompt-injection.ts';

/** What of an example a person should see before it counts; nothing where it is an example like others. */
export type Suspicion = 'speaks to its judge' | 'has unseen letters' | 'has marks of chat templates';

/** The suspicions of texts that a judge has read: those of the candidate, its question and its source. */
export function suspicionsOf(texts: readonly string[]): readonly Suspicion[] {
  const found: Suspicion[] = [];
  if (texts.some(instructsJudge)) found.push('speaks to its judge');
  if (texts.some(hasUnseen)) found.push('has unseen letters');
  if (texts.some((text) => templateTokenIn(text) !== undefined)) found.push('has marks of chat templates');
  return found;
}

/** Whether a person is to decide, where people are asked at all. Marks are what an answer about templates is made of. */
export function isGrave(suspicion: Suspicion): boolean {
  return suspicion !== 'has marks of chat templates';
}

type Judged = Readonly<{ question: Question; candidate: unknown }>;

/** The suspicions of an example: of what is trained on, and of what else its judge has read of strangers. */
export function suspicionsIn(example: Judged): readonly Suspicion[] {
  const { context, passages, reference } = example.question;
  const own = suspicionsOf(textsIn(trainedOn(example)));
  const beside = textsIn([context, passages, reference]).some(instructsJudge);
  return beside && !own.includes('speaks to its judge') ? ['speaks to its judge', ...own] : own;
}

/**
 * Whether the texts that are trained on hold marks or letters that a trainer takes for something else.
 * @param beside what else of the question stands in its line.
 */
export function hasTemplateTokens(example: Judged, beside: readonly unknown[] = []): boolean {
  return textsIn([trainedOn(example), beside]).some(
    (text) => hasUnseen(text) || templateTokenIn(text) !== undefined,
  );
}

/** The candidate, and what of its question stands in its line. */
function trainedOn({ question, candidate }: Judged): readonly unknown[] {
  const { text, system, tools, history } = question;
  return [candidate, text, system, tools, history];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
