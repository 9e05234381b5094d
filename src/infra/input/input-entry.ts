import type { Readable } from 'node:stream';
import type { Question } from '../../stages/question.ts';

/** How many UTF-16 units of a bad entry are kept, so that a rejects file stays small. */
const MAX_KEPT_CHARACTERS = 2_000;

/** A question as the input gave it. `line` counts from 1 and is where the entry starts. */
export type QuestionEntry = Readonly<{
  kind: 'question';
  question: Question;
  /** The user's own id. */
  id?: string;
  /** The user's own fields: those under `metadata`, and every field that means nothing to us. */
  metadata?: Readonly<Record<string, unknown>>;
  line: number;
}>;

/** What could not be read as a question: `reason` says what was expected and what came. */
export type BadEntry = Readonly<{
  kind: 'bad';
  line: number;
  reason: string;
  /** Its beginning, at most `MAX_KEPT_CHARACTERS` long; bytes that are not UTF-8 are replaced by U+FFFD. */
  text: string;
}>;

export type InputEntry = QuestionEntry | BadEntry;

/** What a question has where its entry says nothing. */
export type QuestionDefaults = Readonly<{ topic: string; subTopic: string; trainingType: string }>;

export type InputOptions = Readonly<{
  defaults: QuestionDefaults;
  /** The names that `training_type` may have. */
  trainingTypes: readonly string[];
  /** What `-` stands for. */
  stdin?: Readable;
  limits?: Readonly<{ maxEntryBytes?: number }>;
}>;

/** The text as it is kept in a bad entry: cut at `MAX_KEPT_CHARACTERS`, a character cut in half replaced. */
export function keptText(text: string): string {
  return text.slice(0, MAX_KEPT_CHARACTERS).toWellFormed();
}
