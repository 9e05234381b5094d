import type { z } from 'zod';
import { LongNumber } from '../../stages/text/parse-exact.ts';
import { sortFields } from './entry-fields.ts';
import { type EntryValues, entrySchema, kindOf } from './entry-schema.ts';
import type { InputEntry, InputOptions } from './input-entry.ts';
import { listed, quoted } from './listed.ts';
import { badEntry, type TextEntry } from './text-of.ts';

const WRITTEN_NAMES: ReadonlyMap<string, string> = new Map([
  ['subTopic', 'sub_topic'],
  ['trainingType', 'training_type'],
  ['others', 'other fields'],
]);

type ParserOptions = Pick<InputOptions, 'defaults' | 'trainingTypes'>;

/** Turns what a format found in an entry into a question, or says why it is none. It never throws. */
export class EntryParser {
  readonly #schema: ReturnType<typeof entrySchema>;
  readonly #defaults: InputOptions['defaults'];
  readonly #issueText: z.core.$ZodErrorMap;

  constructor({ defaults, trainingTypes }: ParserOptions) {
    this.#schema = entrySchema(trainingTypes);
    this.#defaults = defaults;
    this.#issueText = (issue) => issueText(issue, trainingTypes);
  }

  /** A parsed JSON value: the question itself, or an object with its fields. */
  parseValue(entry: TextEntry, value: unknown): InputEntry {
    if (typeof value === 'string') return this.parseFields(entry, [['question', value]]);
    if (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      !(value instanceof LongNumber)
    ) {
      return this.parseFields(entry, Object.entries(value));
    }
    return badEntry(
      entry,
      `expected a question or an object with the field "question", came ${kindOf(value)}`,
    );
  }

  /** Names and values in the order in which they came. */
  parseFields(entry: TextEntry, fields: Iterable<readonly [string, unknown]>): InputEntry {
    const sorted = sortFields(fields);
    if (!sorted.names.includes('question')) {
      return badEntry(entry, `expected the field "question", came ${listed('field', sorted.names)}`);
    }
    const parsed = this.#schema.safeParse(
      { ...sorted.known, others: sorted.others },
      { error: this.#issueText },
    );
    if (!parsed.success) return badEntry(entry, parsed.error.issues.map(placed).join('; '));
    return this.#question(entry.line, parsed.data);
  }

  #question(line: number, values: EntryValues): InputEntry {
    const { question: text, context, id } = values;
    const metadata = { ...values.others, ...values.metadata };
    return {
      kind: 'question',
      question: {
        text,
        context,
        topic: values.topic || this.#defaults.topic,
        subTopic: values.subTopic || this.#defaults.subTopic,
        trainingType: values.trainingType || this.#defaults.trainingType,
      },
      ...(id === undefined ? {} : { id }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      line,
    };
  }
}

function placed(issue: z.core.$ZodIssue): string {
  const field = String(issue.path[0]);
  return `${WRITTEN_NAMES.get(field) ?? field}: ${issue.message}`;
}

function issueText(issue: z.core.$ZodRawIssue, trainingTypes: readonly string[]): string {
  const { input } = issue;
  if (issue.code === 'too_big' && typeof input === 'string') {
    const [most, came] = [Number(issue.maximum), input.length].map((count) => count.toLocaleString('en-US'));
    return `expected at most ${most} characters, came ${came}`;
  }
  if (issue.code === 'invalid_value') {
    return `expected one of ${trainingTypes.join(', ')}, came ${quoted(String(input))}`;
  }
  const expected = issue.code === 'invalid_type' && issue.expected === 'record' ? 'an object' : 'text';
  return `expected ${expected}, came ${kindOf(input)}`;
}
