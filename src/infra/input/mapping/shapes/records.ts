import { jsonOrSame } from '../../../../stages/question-parts/json-or-same.ts';
import { asFields, type Fields, holds, type Shape } from '../meant.ts';
import { jsonOr } from '../messages-of.ts';
import { sortedFields } from './own-question.ts';

/** Our own export of the format `record`: the question with all its parts, and the candidate as its answer. */
export const records: Shape = {
  name: 'records of Millrace',
  shown: { question: 'question.text', answer: 'candidate', training_type: 'question.trainingType' },
  own: false,
  fits: (row) =>
    ['v', 'questionId', 'candidate', 'review'].every((name) => Object.hasOwn(row, name)) &&
    asFields(row['question']) !== undefined,
  read: (row) => {
    const { text, ...parts } = { text: undefined, ...questionIn(row) };
    return {
      ...sortedFields({ ...parts, question: text }),
      ...(holds(row, 'id') ? { id: row['id'] } : {}),
      ...(holds(row, 'metadata') ? { metadata: row['metadata'] } : {}),
      answer: { candidate: jsonOrSame(row['candidate']) },
      others: {},
    };
  },
};

/** In Parquet the candidate, and each part of a question that not every question has, is the text of its JSON. */
function questionIn(row: Fields): Fields | undefined {
  const question = asFields(row['question']);
  if (question === undefined || typeof row['candidate'] !== 'string') return question;
  const { system, reference } = { system: undefined, reference: undefined, ...question };
  return { ...question, system: textIn(system), reference: textIn(reference) };
}

function textIn(value: unknown): unknown {
  return typeof value === 'string' ? jsonOr(value) : value;
}
