import type { z } from 'zod';
import { unkeptOfPassages } from '../../../stages/question-parts/parts.ts';
import { grouped } from '../../../stages/text/grouped.ts';
import { faultInTools } from '../../../stages/training-types/called-tools.ts';
import { trainingTypes } from '../../../stages/training-types/index.ts';
import { badEntry, type TextEntry } from '../entry-text.ts';
import type { InputEntry, InputOptions, QuestionEntry, RowAnswers } from '../input-entry.ts';
import { quoted } from '../listed.ts';
import { type EntryValues, entrySchema, kindOf } from './entry-schema.ts';
import { ANSWERS, type Answer, type Meant } from './meant.ts';

const PARTS = ['system', 'tools', 'history', 'passages', 'fields', 'reference'] as const;
const MAX_ANSWER_CHARACTERS = 200_000;

type CheckOptions = Pick<InputOptions, 'defaults' | 'trainingTypes'>;

/** What turns what a row means into a question, or says why it is none. It never throws. */
export type EntryCheck = (entry: TextEntry, meant: Meant) => InputEntry;

export function entryCheck({ defaults, trainingTypes: known }: CheckOptions): EntryCheck {
  const schema = entrySchema(known);
  return (entry, meant) => {
    const tooLong = ANSWERS.find((name) => lengthOf(meant[name]) > MAX_ANSWER_CHARACTERS);
    if (tooLong !== undefined) return badEntry(entry, `${tooLong}: expected at most 200,000 characters`);
    const others = { ...keptAnswers(meant), ...meant.others };
    const parsed = schema.safeParse({ ...meant, others }, { error: issueText });
    if (!parsed.success) return badEntry(entry, parsed.error.issues.map(placed).join('; '));
    const made = questionOf(parsed.data, { defaults, line: entry.line, brought: broughtBy(meant) });
    const fault = faultInTools(trainingTypes.get(made.question.trainingType), made.question.tools);
    if (fault !== undefined) return badEntry(entry, `tools: ${fault}`);
    const unkept = unkeptOfPassages(meant.passages);
    return unkept.length === 0 ? made : { ...made, unkept };
  };
}

type Beside = Readonly<{ defaults: InputOptions['defaults']; line: number; brought: RowAnswers | undefined }>;

function questionOf(values: EntryValues, { defaults, line, brought }: Beside): QuestionEntry {
  const { question: text, context, id } = values;
  const metadata = { ...values.others, ...values.metadata };
  return {
    kind: 'question',
    question: {
      text,
      context,
      topic: values.topic || defaults.topic,
      subTopic: values.sub_topic || defaults.subTopic,
      trainingType: values.training_type || defaults.trainingType,
      ...partsOf({
        ...values,
        system: values.system ?? defaults.system,
        tools: values.tools ?? (defaults.tools === undefined ? undefined : [...defaults.tools]),
      }),
    },
    ...(id === undefined ? {} : { id }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(brought === undefined ? {} : { brought }),
    line,
  };
}

/** Those that are there: a question without any has the bytes that it always had. */
function partsOf(values: EntryValues): Partial<Pick<EntryValues, (typeof PARTS)[number]>> {
  return Object.fromEntries(
    PARTS.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

/** Answers that nobody wants judged stay with who asked, in as few words as they have. */
function keptAnswers(meant: Meant): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    ANSWERS.flatMap((name) => (meant[name] === undefined ? [] : [[name, plainly(meant[name])]])),
  );
}

function plainly(answer: Answer): unknown {
  if (typeof answer === 'string') return answer;
  if ('candidate' in answer) return answer.candidate;
  const [only, ...more] = answer;
  const isText = only !== undefined && more.length === 0 && Object.keys(only).length === 2;
  return isText ? only.content : answer;
}

function broughtBy({ answer, chosen, rejected }: Meant): RowAnswers | undefined {
  if (chosen !== undefined && rejected !== undefined) return { kind: 'pair', chosen, rejected };
  return answer === undefined ? undefined : { kind: 'answer', answer };
}

function lengthOf(answer: Answer | undefined): number {
  if (answer === undefined) return 0;
  if (typeof answer === 'string') return answer.length;
  return mostLength(answer) <= MAX_ANSWER_CHARACTERS ? 0 : JSON.stringify(answer).length;
}

const LONGEST_ESCAPE = 6;
const MARKS = 8;

/** How long the JSON of a value is at the most: to write it takes time, and few answers are so long. */
function mostLength(value: unknown): number {
  if (typeof value === 'string') return value.length * LONGEST_ESCAPE + MARKS;
  if (typeof value !== 'object' || value === null) return 3 * MARKS;
  let sum = MARKS;
  for (const [name, inner] of Object.entries(value))
    sum += name.length * LONGEST_ESCAPE + MARKS + mostLength(inner);
  return sum;
}

function placed(issue: z.core.$ZodIssue): string {
  // A name that cannot be one stands in the message.
  const [field = '', ...more] = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path;
  const place = more.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return `${field === 'others' ? 'other fields' : String(field)}${place}: ${issue.message}`;
}

function issueText(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (issue.code === 'too_big' && typeof input === 'string') {
    const [most, came] = [Number(issue.maximum), input.length].map(grouped);
    return `expected at most ${most} characters, came ${came}`;
  }
  if (issue.code === 'invalid_key')
    return `${issue.issues[0]?.message ?? 'expected another name'}, came ${quoted(String(input))}`;
  if (issue.code === 'invalid_value') {
    const known = issue.values.filter((value) => value !== '');
    return `expected one of ${known.map(String).join(', ')}, came ${quoted(String(input))}`;
  }
  return `expected ${expectedBy(issue)}, came ${kindOf(input)}`;
}

function expectedBy(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'invalid_type') return 'text';
  if (issue.expected === 'array') return 'an array';
  return issue.expected === 'record' || issue.expected === 'object' ? 'an object' : 'text';
}
