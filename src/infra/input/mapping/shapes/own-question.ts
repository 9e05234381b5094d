import { LongNumber } from '../../../../stages/text/parse-exact.ts';
import { nameIn } from '../field-names.ts';
import {
  ANSWERS,
  type Answer,
  type Meant,
  QUESTION_FIELDS,
  type RowFields,
  type Shape,
  setField,
  without,
} from '../meant.ts';
import { rowMessagesOf } from '../messages-of.ts';
import { rowToolsOf } from '../tools-of.ts';

/** Names that a field of a question may come under; of two for one the first counts, and the second is the user's own. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...QUESTION_FIELDS.map((name) => [name, name] as const),
  ['subTopic', 'sub_topic'],
  ['trainingType', 'training_type'],
]);

/** Rows with a `question`: our own names. Answers beside it are the user's own fields unless `from` says what they are for. */
export const ownQuestion: Shape = {
  name: 'questions',
  shown: Object.fromEntries(QUESTION_FIELDS.map((name) => [name, name])),
  own: true,
  fits: (row) => Object.hasOwn(row, 'question'),
  read: (row, { from }) => {
    const sorted = sortedFields(row);
    return from === undefined || from === 'question' ? sorted : withAnswers(sorted);
  },
};

/** The fields that mean something, by our names. `null` is an absent field; so is `undefined`, an empty cell of a table. */
export function sortedFields(row: RowFields): Meant {
  const meant: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const name of Object.keys(row)) {
    const value = row[name];
    const field = NAMES.get(name);
    if (field === undefined || meant[field] !== undefined) {
      if (value !== undefined) setField(others, name, value);
    } else if (value !== null && value !== undefined)
      meant[field] = field === 'tools' ? rowToolsOf(value) : value;
  }
  // An empty cell, unlike an absent field, is an empty question.
  const empty = Object.hasOwn(row, 'question') && row['question'] === undefined;
  return { ...meant, ...(empty ? { question: '' } : {}), others };
}

function withAnswers(meant: Meant): Meant {
  const found = ANSWERS.flatMap((name) => {
    const column = nameIn(meant.others, name);
    const answer = column === undefined ? undefined : answerOfValue(meant.others[column]);
    return answer === undefined ? [] : [{ name, column, answer }];
  });
  const taken = found.flatMap(({ column }) => column ?? []);
  const answers = Object.fromEntries(found.map(({ name, answer }) => [name, answer] as const));
  return { ...meant, ...answers, others: without(meant.others, taken) };
}

/** A text that is not blank, a number or a truth value as text, or messages. */
export function answerOfValue(value: unknown): Answer | undefined {
  if (value instanceof LongNumber) return value.digits;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = rowMessagesOf(value);
  return typeof messages === 'string' ? undefined : messages;
}
