import type { QuestionId } from '../../streams/work/work.ts';
import type { Removal } from './table/table.ts';

/** Which questions are meant: those that a run asked for, or those of a subject. */
export type QuestionQuery =
  | Readonly<{ kind: 'run'; run: string }>
  | Readonly<{ kind: 'subject'; topic: string }>;

/** How much a store holds of some questions, in all lanes. */
export type Holdings = Readonly<{
  questions: number;
  submissions: number;
  works: number;
  examples: number;
  deadLetters: number;
}>;

/**
 * Questions that were deleted and must never come back, from a record that is still on its way or from a worker that is
 * at one right now. A mark is a question's id, which is a hash. Everything is safe to repeat, and rejects with Failures.
 */
export interface ForgottenRepository {
  /** From when this resolves, no store takes anything of these questions. */
  mark(ids: readonly QuestionId[]): Promise<void>;
  /** Deletes all that is held of marked questions, in every lane, beside whoever is at work. Returns what it was. */
  erase(ids: readonly QuestionId[]): Promise<Holdings>;
  /** They are gone from the log as well. */
  finish(ids: readonly QuestionId[]): Promise<void>;
  /**
   * Takes the traces out that deleted rows leave in the free space of a file. `later`: not while others are at work, or
   * it is the database's own affair.
   */
  shred(): Promise<'shredded' | 'later'>;
  /** Marked and not finished: whoever was at it was interrupted. */
  unfinished(): Promise<readonly QuestionId[]>;
  any(): Promise<boolean>;
  isMarked(id: QuestionId): Promise<boolean>;
  among(ids: readonly QuestionId[]): Promise<ReadonlySet<QuestionId>>;
  find(query: QuestionQuery): Promise<readonly QuestionId[]>;
  holdings(ids: readonly QuestionId[]): Promise<Holdings>;
}

/** What an engine does in its own way where questions are forgotten. Rejects with Failures. */
export interface Erasure extends Pick<ForgottenRepository, 'shred'> {
  /** Makes these deletions in order, takes what they delete out of the counts, and answers how many rows each has deleted. */
  erase(removals: readonly Removal[]): Promise<readonly number[]>;
}
