import type { Example } from '../../example.ts';
import type { Asker } from '../../formats/format.ts';
import type { Question } from '../../question.ts';
import { ownField } from '../../text/json.ts';
import { stepsOf } from './texts-at.ts';
import { filled } from './view.ts';

/** What a column may be, besides a place in the candidate and a template. */
const SPECIAL: Readonly<Record<string, (example: Example, asker: Asker) => unknown>> = {
  $id: ({ questionId }, { id }) => id ?? questionId,
  $topic: ({ question }) => question.topic,
  $sub_topic: ({ question }) => question.subTopic,
  $question: ({ question }) => question.text,
  $system: ({ question }) => question.system ?? '',
  $history: ({ question }) => question.history ?? [],
  $tools: ({ question }) => question.tools ?? [],
  $context: ({ question }) => question.context,
  $passages: ({ question }) => question.passages ?? [],
  $reference: ({ question }) => question.reference ?? '',
  $score: ({ review }) => review.score,
  $metadata: (_, { metadata }) => metadata ?? {},
};

/** A column for each thing that the question brings beside its text, where nobody named columns. */
export function broughtColumns({
  system,
  history,
  context,
  passages,
  tools,
}: Question): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries({
      system,
      history,
      context: context === '' ? undefined : context,
      passages,
      tools,
    }).filter(([, part]) => part !== undefined),
  );
}

/** Why a column cannot be what it says; `undefined` where it can. */
export function faultInColumn(value: string, fields: readonly string[]): string | undefined {
  const [first] = value.startsWith('/') ? stepsOf(value) : [];
  if (first !== undefined && !fields.includes(first))
    return `is ${value}; the candidate has ${fields.join(', ')}`;
  if (!value.startsWith('$') || Object.hasOwn(SPECIAL, value)) return undefined;
  return `is ${value}; there are ${Object.keys(SPECIAL).join(' ')}`;
}

export function columnValue(column: string, candidate: object, example: Example, asker: Asker): unknown {
  if (column.startsWith('/')) return at(candidate, stepsOf(column));
  const special = Object.hasOwn(SPECIAL, column) ? SPECIAL[column] : undefined;
  return special === undefined ? filled(column, candidate, example.question) : special(example, asker);
}

function at(value: unknown, [step, ...rest]: readonly string[]): unknown {
  return step === undefined ? value : at(ownField(value, step) ?? null, rest);
}
