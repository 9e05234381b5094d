import type { DeadLetterLife, StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import type { FailureKind } from '../../streams/failure.ts';
import type { Token } from '../../streams/work/work.ts';

/** Which dead letters are meant. Everything that is left out means all. */
export type DeadLetterQuery = Readonly<{
  stage?: string | undefined;
  /** Kinds (`content`), codes (`refused`) and both (`content/refused`) of failures; one of them is enough. */
  classes?: readonly string[] | undefined;
  /** Died at or after this moment (ISO 8601). */
  since?: string | undefined;
  /** The beginning of a question's or of a dead letter's id. */
  id?: string | undefined;
  lane?: string | undefined;
  /** Where they stand. Default: all but the closed. */
  lives?: readonly DeadLetterLife['kind'][] | undefined;
}>;

export const UNCLOSED: readonly DeadLetterLife['kind'][] = ['open', 'redriving', 'sent'];

/** How many dead letters there are of one stage and class. */
export type DeadLetterCount = Readonly<{
  stage: string;
  kind: FailureKind;
  code: string;
  count: number;
  firstAt: string;
  lastAt: string;
}>;

export type LatestDeadLetters = Readonly<{ count: number; deadLetters: readonly StoredDeadLetter[] }>;

/** A dead letter as it was seen: it is taken only if it has not been sent again since. */
export type SeenDeadLetter = Readonly<{ id: string; drive: number }>;

/** Someone else is sending a dead letter, or died over it. */
export type SeenTaking = Readonly<{ by: Token; renewal: number }>;

/** What became of the dead letters that one operator sent. */
export type RedriveOutcome = Readonly<{ waiting: number; closed: number; open: number }>;

/**
 * The dead letters, and how they are sent again: each goes to one operator at a time. `by` is an operator's token. Writes
 * are safe to repeat and resolve once durable; rejections are Failures of kind `outage` or `fatal`.
 */
export interface DeadLetterRepository {
  /** Oldest death first. */
  list(query: DeadLetterQuery): AsyncIterable<StoredDeadLetter>;
  /** Those that are not closed, the last death first, and how many there are. */
  latest(most: number): Promise<LatestDeadLetters>;
  stats(query: DeadLetterQuery): Promise<readonly DeadLetterCount[]>;
  /** Takes those that are open still, and counts their drive. Repeated, it answers the same. */
  take(by: Token, seen: readonly SeenDeadLetter[]): Promise<readonly StoredDeadLetter[]>;
  /** Takes over those of `ids` whose token and renewal have not changed since we last looked. */
  takeOver(by: Token, seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredDeadLetter[]>;
  /** Shows that the operator is alive. */
  renew(by: Token): Promise<void>;
  /** Gives back what was taken and not sent. */
  release(by: Token): Promise<void>;
  /** Their records are in the topics. Dead letters that have come to an end meanwhile stay there. */
  markSent(by: Token, ids: readonly string[]): Promise<void>;
  outcome(by: Token): Promise<RedriveOutcome>;
}
