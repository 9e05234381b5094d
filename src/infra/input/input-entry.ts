import type { Readable } from 'node:stream';
import type { Question } from '../../stages/question.ts';
import type { QuestionTool } from '../../stages/question-parts/tools.ts';
import type { Answer, From } from './mapping/meant.ts';

/** How many UTF-16 units of a bad entry are kept, so that a rejects file stays small. */
const MAX_KEPT_CHARACTERS = 2_000;

/** Answers that a row brought with its question. */
export type RowAnswers =
  | Readonly<{ kind: 'answer'; answer: Answer }>
  | Readonly<{ kind: 'pair'; chosen: Answer; rejected: Answer }>;

/** A question as the input gave it. `line` counts from 1 and is where the entry starts. */
export type QuestionEntry = Readonly<{
  kind: 'question';
  question: Question;
  /** The user's own id. */
  id?: string;
  /** The user's own fields: those under `metadata`, and every field that means nothing to us. */
  metadata?: Readonly<Record<string, unknown>>;
  brought?: RowAnswers;
  /** Names of fields of its passages that are not kept. */
  unkept?: readonly string[];
  line: number;
}>;

/** What could not be read as a question: `reason` says what was expected and what came. */
export type BadEntry = Readonly<{
  kind: 'bad';
  /** The input that it stands in, where several are read. */
  file?: string;
  line: number;
  reason: string;
  /** Its beginning, at most `MAX_KEPT_CHARACTERS` long; bytes that are not UTF-8 are replaced by U+FFFD. */
  text: string;
}>;

export type InputEntry = QuestionEntry | BadEntry;

/** What a question has where its entry says nothing. */
export type QuestionDefaults = Readonly<{
  topic: string;
  subTopic: string;
  trainingType: string;
  system?: string | undefined;
  tools?: readonly QuestionTool[] | undefined;
}>;

export type InputOptions = Readonly<{
  defaults: QuestionDefaults;
  /** The names that `training_type` may have. */
  trainingTypes: readonly string[];
  /** What answers in the input are for. Left out: an input of another tool that has some is refused. */
  from?: From | undefined;
  /** Has what is brought held against what the model researches. Default: it is not researched at all. */
  research?: true | undefined;
  /** Reads conversations as such: the first user message asks. */
  as?: 'conversation' | undefined;
  /** Answers in the input are the references of their questions: the judge sees them, no writer does. */
  reference?: 'answer' | undefined;
  /** Where the parts of a question come from, as `--map` says it: `{ question: 'instruction' }`. */
  map?: Readonly<Record<string, string>> | undefined;
  /** What divides the columns of a table, where it is not to be found out. */
  separator?: string | undefined;
  /** The encoding of a text, by a label of `TextDecoder`, where it is not UTF-8 or UTF-16. */
  encoding?: string | undefined;
  /** What `-` stands for. */
  stdin?: Readable;
  limits?: Readonly<{ maxEntryBytes?: number }>;
}>;

/** The text as it is kept in a bad entry: cut at `MAX_KEPT_CHARACTERS`, a character cut in half replaced. */
export function keptText(text: string): string {
  return text.slice(0, MAX_KEPT_CHARACTERS).toWellFormed();
}
