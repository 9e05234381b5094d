import { FIELD_GROUPS } from '../agent/question-values.ts';
import { membersNamed } from '../agent/template.ts';
import type { Recipes } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import { isShortField } from './parts.ts';

/** The names of the user's own values that the prompts of a lane use, in any of its recipes. */
export function fieldsNamedIn(recipes: Recipes): readonly string[] {
  const { research, generation, review } = recipes;
  const prompts = [research, generation, review].flatMap(({ prompt }) => [prompt.system, prompt.user]);
  const texts = [...prompts, ...Object.values(generation.instructions)];
  return [...new Set(texts.flatMap((text) => membersNamed(text, FIELD_GROUPS)))].toSorted();
}

/**
 * The question with those of its asker's values that prompts name as fields of its own: from then on they tell questions apart.
 * A value that is too long for a prompt stays where it is.
 */
export function lifted(
  question: Question,
  metadata: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): Question {
  const found = names.flatMap((name): [string, unknown][] => {
    if (metadata === undefined || !Object.hasOwn(metadata, name)) return [];
    const value = metadata[name];
    const wanted = value !== null && value !== '' && question.fields?.[name] === undefined;
    return wanted && isShortField(value) ? [[name, value]] : [];
  });
  if (found.length === 0) return question;
  return { ...question, fields: { ...question.fields, ...Object.fromEntries(found) } };
}
