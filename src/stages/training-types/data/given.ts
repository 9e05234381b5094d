import type { Question } from '../../question.ts';
import type { BroughtAnswer } from '../training-type.ts';

/** For each field of a candidate what it takes from an answer that was brought. */
export type Given = Readonly<Record<string, string>>;

const NAME = /\{\{(\w+)\}\}/g;
const NAMES: readonly string[] = ['answer', 'reasoning', 'question'];

/** The candidate that an answer makes. A field that `given` does not name is null, as one that a model leaves out. */
export function candidateOf(
  { given, fields }: Readonly<{ given: Given; fields: readonly string[] }>,
  { content, reasoning = '' }: BroughtAnswer,
  { text }: Question,
): unknown {
  const values = new Map([
    ['answer', content],
    ['reasoning', reasoning],
    ['question', text],
  ]);
  const said = (value: string) =>
    value === '$answer' ? content : value.replaceAll(NAME, (whole, name) => values.get(name) ?? whole);
  const named = Object.entries(given).map(([field, value]) => [field, said(value)]);
  return { ...Object.fromEntries(fields.map((field) => [field, null])), ...Object.fromEntries(named) };
}

/** What stands in `given` and would not be filled in, for people; `undefined` where nothing does. */
export function faultInGiven(given: Given, fields: readonly string[]): string | undefined {
  for (const [field, value] of Object.entries(given)) {
    if (!fields.includes(field))
      return `.${field} is no field of the candidate; there are ${fields.join(', ')}`;
    const unknown = [...value.matchAll(/\{\{([^}]*)\}\}/g)].find(([, name = '']) => !NAMES.includes(name));
    if (unknown !== undefined) return `.${field} uses ${unknown[0]}; there are ${NAMES.join(', ')}`;
    if (/^\$\w+$/.test(value) && value !== '$answer')
      return `.${field} is ${value}; expected $answer, or a text with {{answer}}, {{reasoning}}, {{question}}`;
  }
  return undefined;
}
