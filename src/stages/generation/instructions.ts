import { FIELD_GROUPS, questionValues } from '../agent/question-values.ts';
import { fillTemplate, membersNamed } from '../agent/template.ts';
import type { TypeEntry } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';

/**
 * What a model is told to write. The instructions of a type that is data are a template; those of other types are one where they name
 * values of the asker, and are taken to the letter otherwise, as in 0.1.0.
 */
export function filledInstructions(
  instructions: string,
  question: Question,
  definition: TypeEntry['definition'],
): string {
  if (definition === undefined && membersNamed(instructions, FIELD_GROUPS).length === 0) return instructions;
  const values = questionValues(question);
  return fillTemplate(instructions, { ...values, sub_topic: values.subTopic });
}
