import type { Question } from '../question.ts';

/** The names that every prompt may use. */
export const QUESTION_NAMES = ['question', 'source', 'topic', 'subTopic', 'trainingType'] as const;

/** A question as its prompts see it. */
export function questionValues(
  question: Question,
): Readonly<Record<(typeof QUESTION_NAMES)[number], string>> {
  const { text, context, topic, subTopic, trainingType } = question;
  return {
    question: text,
    source: context,
    topic: oneLine(topic),
    subTopic: oneLine(subTopic),
    trainingType: trainingType.replace(NO_NAME, ''),
  };
}

// It stands in the middle of an instruction, so it can be a name and nothing more.
const NO_NAME = /[^\w-]/g;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** A label stands in the system prompt: it cannot begin a line of its own there. */
function oneLine(label: string): string {
  return label.replace(BREAKS, ' ').trim();
}
