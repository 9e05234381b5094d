import type { Step } from './step.ts';
import type { Attempt, Finished, HeldWork, Token, WorkId } from './work.ts';

/** What was paid for on behalf of a work, looked at, and is not in the store yet. */
export type UnsavedOfWork =
  | Readonly<{ kind: 'answer'; stage: string; workId: WorkId; token: Token; finished: Finished<unknown> }>
  | Readonly<{ kind: 'attempt'; stage: string; workId: WorkId; token: Token; attempt: Attempt }>
  | Readonly<{ kind: 'step'; stage: string; workId: WorkId; token: Token; step: Step }>;

/** The same of what belongs to no work: whoever looks up the same has it. `lookUp`: JSON, as its store keeps it. */
type UnsavedLookUp = Readonly<{ kind: 'look-up'; lookUp: object }>;

export type Unsaved = UnsavedOfWork | UnsavedLookUp;

/** How an answer was asked for: with its body, all that is needed to read it again later. */
export type AnswerForm = Readonly<{
  /** Of the body: what the server sent, or what a model that is no server gave back. */
  form: 'completion' | 'reply';
  /** How the body is packed, as the server named it; empty where it is not. */
  codings: string;
  /** The model that was asked. */
  model: string;
  recipe: string;
  /** Which of its shapes the stage asked for; empty where it has one. */
  shape: string;
}>;

/** The step that an answer becomes: the first of these that it was not made for is not stored. */
export type ArrivedStep = Pick<Step, 'n' | 'key' | 'kind' | 'drive'>;

/** An answer that has come, and that nobody has looked at. */
export type Arrival = AnswerForm &
  HeldWork &
  Readonly<{
    kind: 'arrival';
    stage: string;
    /** Of the attempt; counts from 1. */
    number: number;
    startedAt: string;
    durationMs: number;
    /** The attempts of this work before it. */
    earlier: readonly Attempt[];
    /** Which step of its work it becomes, where the work goes step by step. */
    step?: ArrivedStep | undefined;
  }>;

/** An entry of the journal: `drop` says that the store has it, or wants it no more. Safe to repeat. */
export type JournalMark = Readonly<{ kept: boolean; drop(): void }>;

/**
 * Outlives the process: keeps what was paid for from the moment it arrives until the store has it. Both return once it is
 * written, and never throw: what cannot be kept is told to somebody, and its mark says so.
 */
export interface Journal {
  /** @param body in pieces, as it was read. */
  arrived(arrival: Arrival, body: readonly Uint8Array[]): JournalMark;
  keep(unsaved: Unsaved): JournalMark;
}

export const NOT_KEPT: JournalMark = { kept: false, drop: () => undefined };
export const NO_JOURNAL: Journal = { arrived: () => NOT_KEPT, keep: () => NOT_KEPT };
