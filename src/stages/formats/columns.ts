import { z } from 'zod';
import type { Example } from '../example.ts';
import { broughtColumns } from '../training-types/data/columns.ts';
import { readBy, typeOfCandidate } from '../training-types/former.ts';
import type { AnyTrainingType } from '../training-types/training-type.ts';
import { type Asker, defineFormat, type Line } from './format.ts';

/** What is said of an example of a type that names no columns of its own. */
function usualColumns(candidate: unknown, { questionId, question, review }: Example, { id }: Asker): Line {
  const asked = { id: id ?? questionId, question: question.text, ...broughtColumns(question) };
  return { ...asked, ...Object(candidate), topic: question.topic, score: review.score };
}

function lineOf(example: Example, asker: Asker): Line | undefined {
  const type = typeOfCandidate(example.candidate, example.question);
  if (type === undefined) return undefined;
  const { value } = readBy(type, example.candidate, example.question);
  return type.columns?.(value, example, asker) ?? usualColumns(value, example, asker);
}

/** What the columns of a type are called. Of one whose code makes them, only the fields of its candidate are known. */
export function columnNamesOf({ candidate, columns, definition }: AnyTrainingType): readonly string[] {
  const fields = Object.keys(z.toJSONSchema(candidate, { io: 'output' }).properties ?? {});
  if (columns === undefined) return [...new Set(['id', 'question', ...fields, 'topic', 'score'])];
  return Object.keys(definition?.['columns'] ?? Object.fromEntries(fields.map((field) => [field, ''])));
}

/** Whatever a training type makes of its examples: no trainer's format, but one's own tables. */
export const columns = defineFormat({
  name: 'columns',
  description: 'the columns that the training type names: tables of your own',
  omits: 'Only the columns of the training type are in it.',
  holds: ['system', 'tools'],
  whole: { lineOf, rule: z.record(z.string(), z.unknown()) },
});
