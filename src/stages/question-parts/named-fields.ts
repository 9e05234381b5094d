import { FIELD_GROUPS } from '../agent/question-values.ts';
import { membersNamed } from '../agent/template.ts';
import type { Recipes } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import { isShortField } from './parts.ts';

/** The names of the user's own values that a lane uses: for every question, and for those of a training type. */
export type NamedFields = Readonly<{
  always: readonly string[];
  byType: Readonly<Record<string, readonly string[]>>;
}>;

/** Of a lane that nobody knows, or that names none. */
export const NO_FIELDS: NamedFields = { always: [], byType: {} };

/**
 * The names that the prompts of a lane use, in any of its recipes, and the templates of its types: a type tells its own questions apart,
 * and nobody else's.
 */
export function fieldsNamedIn(recipes: Recipes): NamedFields {
  const { research, generation, review, types = {} } = recipes;
  const prompts = [research, generation, review].flatMap(({ prompt }) => [prompt.system, prompt.user]);
  const always = namedIn(prompts);
  const all = [...new Set([...Object.keys(generation.instructions), ...Object.keys(types)])];
  const named = all.map((type): [string, readonly string[]] => {
    const { instructions = generation.instructions[type] ?? '', definition = {} } = types[type] ?? {};
    return [type, namedIn([instructions, ...textsIn(definition)]).filter((name) => !always.includes(name))];
  });
  return { always, byType: Object.fromEntries(named.filter(([, names]) => names.length > 0)) };
}

function namedIn(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => membersNamed(text, FIELD_GROUPS)))].toSorted();
}

/** All that a definition says, wherever it stands: a schema has no templates, and no text of one names a field by chance. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * The question with those of its asker's values that prompts name as fields of its own: from then on they tell questions apart.
 * A value that is too long for a prompt stays where it is.
 */
export function lifted(
  question: Question,
  metadata: Readonly<Record<string, unknown>> | undefined,
  { always, byType }: NamedFields,
): Question {
  const ofType = Object.hasOwn(byType, question.trainingType) ? byType[question.trainingType] : undefined;
  const found = [...always, ...(ofType ?? [])].flatMap((name): [string, unknown][] => {
    if (metadata === undefined || !Object.hasOwn(metadata, name)) return [];
    const value = metadata[name];
    const wanted = value !== null && value !== '' && question.fields?.[name] === undefined;
    return wanted && isShortField(value) ? [[name, value]] : [];
  });
  if (found.length === 0) return question;
  return { ...question, fields: { ...question.fields, ...Object.fromEntries(found) } };
}
