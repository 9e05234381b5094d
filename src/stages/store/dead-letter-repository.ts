import type { LetterLife, StoredLetter } from '../../streams/delivery/dead-letter.ts';
import type { FailureKind } from '../../streams/failure.ts';
import type { Token } from '../../streams/work/work.ts';

/** Which dead letters are meant. Everything that is left out means all. */
export type LetterQuery = Readonly<{
  stage?: string | undefined;
  /** Kinds (`content`), codes (`refused`) and both (`content/refused`) of failures; one of them is enough. */
  classes?: readonly string[] | undefined;
  /** Died at or after this moment (ISO 8601). */
  since?: string | undefined;
  /** The beginning of a question's or of a letter's id. */
  id?: string | undefined;
  lane?: string | undefined;
  /** Where they stand. Default: all but the closed. */
  lives?: readonly LetterLife['kind'][] | undefined;
}>;

export const UNCLOSED: readonly LetterLife['kind'][] = ['open', 'redriving', 'sent'];

/** How many letters there are of one stage and class. */
export type LetterCount = Readonly<{
  stage: string;
  kind: FailureKind;
  code: string;
  count: number;
  firstAt: string;
  lastAt: string;
}>;

export type LatestLetters = Readonly<{ count: number; letters: readonly StoredLetter[] }>;

/** A letter as it was seen: it is taken only if it has not been sent again since. */
export type SeenLetter = Readonly<{ id: string; drive: number }>;

/** Someone else is sending a letter, or died over it. */
export type SeenTaking = Readonly<{ by: Token; renewal: number }>;

/** What became of the letters that one operator sent. */
export type RedriveOutcome = Readonly<{ waiting: number; closed: number; open: number }>;

/**
 * The dead letters, and how they are sent again: each goes to one operator at a time. `by` is an operator's token. Writes
 * are safe to repeat and resolve once durable; rejections are Failures of kind `outage` or `fatal`.
 */
export interface DeadLetterRepository {
  /** Oldest death first. */
  list(query: LetterQuery): AsyncIterable<StoredLetter>;
  /** Those that are not closed, the last death first, and how many there are. */
  latest(most: number): Promise<LatestLetters>;
  stats(query: LetterQuery): Promise<readonly LetterCount[]>;
  /** Takes those that are open still, and counts their drive. Repeated, it answers the same. */
  take(by: Token, seen: readonly SeenLetter[]): Promise<readonly StoredLetter[]>;
  /** Takes over those of `ids` whose token and renewal have not changed since we last looked. */
  takeOver(by: Token, seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredLetter[]>;
  /** Shows that the operator is alive. */
  renew(by: Token): Promise<void>;
  /** Gives back what was taken and not sent. */
  release(by: Token): Promise<void>;
  /** Their records are in the topics. Letters that have come to an end meanwhile stay there. */
  markSent(by: Token, ids: readonly string[]): Promise<void>;
  outcome(by: Token): Promise<RedriveOutcome>;
}
