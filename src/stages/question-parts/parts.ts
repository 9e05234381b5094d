import { hash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../text/canonical-json.ts';
import { grouped } from '../text/grouped.ts';
import { historySchema } from './history.ts';
import { jsonOrSame } from './json-or-same.ts';
import { toolsSchema } from './tools.ts';

const MAX_SYSTEM_CHARACTERS = 20_000;
const MAX_PASSAGES = 50;
/** Of the context and the passages together. */
const MAX_SOURCE_CHARACTERS = 400_000;
const MAX_LABEL_CHARACTERS = 1_000;
const MAX_FIELDS = 32;
const MAX_FIELD_CHARACTERS = 4_000;
const MAX_ANSWER_CHARACTERS = 200_000;

/** The name of a field of the user's own, as a prompt may have it. */
export const FIELD_NAME = /^[A-Za-z_]\w{0,63}$/;

const KEPT_OF_PASSAGES: readonly string[] = ['id', 'title', 'text'];

const label = z.string().trim().max(MAX_LABEL_CHARACTERS).optional();
const passagesSchema = z.preprocess(
  (value) => {
    const read = jsonOrSame(value);
    return Array.isArray(read)
      ? read.map((each) => (typeof each === 'string' ? { text: each } : each))
      : read;
  },
  z
    .array(z.object({ id: label, title: label, text: z.string().trim().min(1, 'the passage is empty') }))
    .max(MAX_PASSAGES, `expected at most ${MAX_PASSAGES} passages, came more`)
    .refine((passages) => lengthOf(passages) <= MAX_SOURCE_CHARACTERS, {
      error: `expected at most ${grouped(MAX_SOURCE_CHARACTERS)} characters, came more`,
    }),
);

/** What of passages, as somebody brings them, is not kept: names of their fields, each once. */
export function unkeptOfPassages(brought: unknown): readonly string[] {
  const read = jsonOrSame(brought);
  if (!Array.isArray(read)) return [];
  const names = read.flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : []));
  return [...new Set(names)].filter((name) => !KEPT_OF_PASSAGES.includes(name));
}

function lengthOf(passages: readonly Readonly<{ text: string }>[]): number {
  return passages.reduce((sum, { text }) => sum + text.length, 0);
}

const fieldsSchema = z.preprocess(
  jsonOrSame,
  z
    .record(
      z.string().regex(FIELD_NAME, 'expected names of letters, digits and _, at most 64 long'),
      z.unknown(),
    )
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `expected at most ${MAX_FIELDS}, came more`)
    .refine((fields) => Object.values(fields).every(isShortField), {
      error: `expected at most ${grouped(MAX_FIELD_CHARACTERS)} characters each, came more`,
    }),
);

/** Whether a prompt may hold the value as a field of the question. */
export function isShortField(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').length <= MAX_FIELD_CHARACTERS;
}

/** An answer that somebody else wrote. Behind the generation stage only its hash is left of it. */
const givenSchema = z
  .object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    candidate: z.unknown().optional(),
    /** Who wrote it, such as the name of a model. */
    by: label,
    /** Set where the model is to research what the answer is held against. */
    research: z.literal(true).optional(),
  })
  .refine(({ sha256, candidate }) => candidate === undefined || givenHash(candidate) === sha256, {
    error: 'the hash is not that of the candidate',
  });

/** Names a brought candidate by its content. */
export function givenHash(candidate: unknown): string {
  return hash('sha256', canonical(candidate), 'hex');
}

function orAbsent<Part extends string | object>(value: Part): Part | undefined {
  return (typeof value === 'string' ? value !== '' : Object.keys(value).length > 0) ? value : undefined;
}

/** A text whose schema says after all that it is one: a column of Parquet is made by it. */
function words(most: number) {
  const text = z.string().trim().max(most).transform(orAbsent);
  return text.pipe(z.string().optional()).optional();
}

/** What a question may have besides its text, source and labels. What is empty is absent. */
export const partsShape = {
  /** The system prompt under which the assistant answers. */
  system: words(MAX_SYSTEM_CHARACTERS),
  /** What the assistant may call. */
  tools: toolsSchema.transform(orAbsent).optional(),
  /** What was said before it. */
  history: historySchema.transform(orAbsent).optional(),
  /** Texts that the answer rests on. */
  passages: passagesSchema.transform(orAbsent).optional(),
  /** The user's own values that prompts name. */
  fields: fieldsSchema.transform(orAbsent).optional(),
  /** An answer that somebody brought. */
  given: givenSchema.optional(),
  /** An answer that is known to be right: the judge sees it, no writer does, and it is no part of the identity. */
  reference: words(MAX_ANSWER_CHARACTERS),
};
const partsSchema = z.object(partsShape);
export type Parts = Readonly<z.output<typeof partsSchema>>;

/** Why the sources of a question are too long together; `undefined` where they are not. */
export function faultInSources(
  context: string,
  passages: readonly Readonly<{ text: string }>[] = [],
): string | undefined {
  const came = context.length + lengthOf(passages);
  if (came <= MAX_SOURCE_CHARACTERS) return undefined;
  const [most, all] = [MAX_SOURCE_CHARACTERS, came].map(grouped);
  return `expected at most ${most} characters of context and passages together, came ${all}`;
}

const PART_NAMES = ['system', 'tools', 'history', 'passages', 'fields', 'given', 'reference'] as const;

/** Whether a question has anything that a Millrace before these parts would lose. */
export function hasParts(question: Parts): boolean {
  return PART_NAMES.some((name) => question[name] !== undefined);
}

/** What of the parts tells questions apart, as one text; `undefined` where there is none. */
export function identityOf(
  { system, tools, history, passages, fields, given }: Parts,
  normalise: (text: string) => string,
): string | undefined {
  const present = {
    system: system === undefined ? undefined : normalise(system),
    tools,
    history,
    passages,
    fields,
  };
  const text = canonical({ ...present, given: given?.sha256 });
  return text === '{}' ? undefined : text;
}
