import { jsonOrSame } from '../../../../stages/question-parts/json-or-same.ts';
import { asFields, holds, type Shape } from '../meant.ts';
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
    const { text, ...parts } = { text: undefined, ...asFields(row['question']) };
    return {
      ...sortedFields({ ...parts, question: text }),
      ...(holds(row, 'id') ? { id: row['id'] } : {}),
      ...(holds(row, 'metadata') ? { metadata: row['metadata'] } : {}),
      answer: { candidate: jsonOrSame(row['candidate']) },
      others: {},
    };
  },
};
