import type { Message } from './message.ts';

/** A row by its names as they came. */
export type Fields = Readonly<Record<string, unknown>>;

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
export type Target = (typeof TARGETS)[number];

/** An answer in a row: a text, the messages that follow the question, or a candidate of one of our own records. */
export type Answer = string | readonly Message[] | Readonly<{ candidate: unknown }>;

/** What a row means, its values not yet checked: `fields` and `others` are the user's own. */
export type Meant = Readonly<
  Partial<Record<Exclude<Target, 'answer' | 'chosen' | 'rejected'>, unknown>> & {
    answer?: Answer | undefined;
    chosen?: Answer | undefined;
    rejected?: Answer | undefined;
    fields?: unknown;
    others: Fields;
  }
>;

/** A form that rows have. */
export type Shape = Readonly<{
  /** For people: `Alpaca`. */
  name: string;
  /** What is made of its columns, a target each, for people. */
  shown: Readonly<Partial<Record<Target, string>>>;
  /** It is our own: its answers are what `from` says, and nobody is asked what they are for. */
  own: boolean;
  fits(row: Fields): boolean;
  /** What the row means, or why it means nothing. */
  read(row: Fields, how: ReadAs): Meant | string;
}>;

/** The fields that have none of the names. */
export function without(row: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

/** Whether there is something in the field: no `null`, no blank text, no empty list. */
export function holds(row: Fields, name: string): boolean {
  if (!Object.hasOwn(row, name)) return false;
  const value = row[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return !Array.isArray(value) || value.length > 0;
}

/** The value as an object of fields; `undefined` if it is none. */
export function asFields(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}
