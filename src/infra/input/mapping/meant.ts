import { isObject } from '../../../stages/text/json.ts';
import type { RowMessage } from './message.ts';

/** A row by its names as they came. */
export type RowFields = Readonly<Record<string, unknown>>;

/**
 * What the answers of an input are for: everything is asked anew, and they are kept beside the questions; or they are judged, and
 * those that are weak written anew.
 */
export const FROM = ['question', 'answer', 'pair'] as const;
export type From = (typeof FROM)[number];

/** How a row is to be read where it could be read in more than one way. */
export type ReadAs = Readonly<{
  /** `undefined`: nobody has said what answers are for. */
  from?: From | undefined;
  /** The first user message asks, and all that follows is the answer. */
  as?: 'conversation' | undefined;
}>;

/** What a row can bring, by the names of `--map`. */
export const TARGETS = [
  'question',
  'context',
  'passages',
  'answer',
  'chosen',
  'rejected',
  'system',
  'tools',
  'history',
  'reference',
  'topic',
  'sub_topic',
  'training_type',
  'id',
  'metadata',
] as const;
type MapTarget = (typeof TARGETS)[number];

/** Those of them that are answers. */
export const ANSWERS = ['answer', 'chosen', 'rejected'] as const;
type AnswerName = (typeof ANSWERS)[number];

/** The fields of a question, by our names. */
export const QUESTION_FIELDS = [
  ...['question', 'context', 'topic', 'sub_topic', 'training_type', 'id', 'metadata'],
  ...['system', 'tools', 'history', 'passages', 'fields', 'reference'],
] as const;

/** An answer in a row: a text, the messages that follow the question, or a candidate of one of our own records. */
export type Answer = string | readonly RowMessage[] | Readonly<{ candidate: unknown }>;

/** What a row means, its values not yet checked: `fields` and `others` are the user's own. */
export type Meant = Readonly<
  Partial<Record<Exclude<MapTarget, AnswerName> | 'fields', unknown>> &
    Partial<Record<AnswerName, Answer | undefined>> & { others: RowFields }
>;

/** A form that rows have. */
export type Shape = Readonly<{
  /** For people: `Alpaca`. */
  name: string;
  /** What is made of its columns, a target each, for people. */
  shown: Readonly<Partial<Record<MapTarget, string>>>;
  /** It is our own: its answers are what `from` says, and nobody is asked what they are for. */
  own: boolean;
  fits(row: RowFields): boolean;
  /** What the row means, or why it means nothing. */
  read(row: RowFields, how: ReadAs): Meant | string;
}>;

const AS_USUAL = { enumerable: true, writable: true, configurable: true };

/** Sets a field; one named `__proto__` is a field like any other. */
export function setField(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(fields, name, { value, ...AS_USUAL });
  else fields[name] = value;
}

/** The fields that have none of the names. */
export function without(row: RowFields, names: readonly string[]): RowFields {
  const rest: Record<string, unknown> = {};
  for (const name of Object.keys(row)) if (!names.includes(name)) setField(rest, name, row[name]);
  return rest;
}

/** Whether there is something in the field: no `null`, no blank text, no empty list. */
export function holds(row: RowFields, name: string): boolean {
  if (!Object.hasOwn(row, name)) return false;
  const value = row[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return !Array.isArray(value) || value.length > 0;
}

/** The value as an object of fields; `undefined` if it is none. */
export function asFields(value: unknown): RowFields | undefined {
  return isObject(value) ? value : undefined;
}
