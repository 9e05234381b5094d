import type { Question } from './question.ts';

/** The names that every prompt may use. */
export const QUESTION_NAMES = ['question', 'source', 'topic', 'subTopic', 'trainingType'] as const;

/** A question as its prompts see it. */
export function questionValues(
  question: Question,
): Readonly<Record<(typeof QUESTION_NAMES)[number], string>> {
  const { text, context, topic, subTopic, trainingType } = question;
  return { question: text, source: context, topic, subTopic, trainingType };
}
