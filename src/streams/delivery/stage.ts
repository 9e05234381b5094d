import type { CallSize } from '../budget/call-estimate.ts';
import type { Failure } from '../failure.ts';
import type { CallGate } from '../limits/call-gate.ts';
import type { RateReading } from '../limits/rate/rate-reading.ts';
import type { LogRecord, OutgoingRecord } from '../log/log.ts';
import type { AnswerForm } from '../work/journal.ts';
import type { Step } from '../work/step.ts';
import type { Attempt, Finished, WorkKey, WorkStore } from '../work/work.ts';
import type { Status } from './question-status.ts';
import type { Waiting } from './status-repository.ts';

/**
 * What a stage decides about a record. It only says so: `settleResult` is the one place that acts on it.
 *
 * - `emit`: the result is stored, the records go to the next topic.
 * - `finish`: the question has reached its end; records, if any, go to the ledger.
 * - `hold`: the question waits for a person, who is shown `waiting`; records, if any, go to the ledger.
 * - `dead-letter`: it can never work as it is.
 */
export type StageResult =
  | Readonly<{ kind: 'emit'; status: Status; topic: string; records: readonly OutgoingRecord[] }>
  | Readonly<{ kind: 'finish'; status: Status; topic: string; records: readonly OutgoingRecord[] }>
  | Readonly<{
      kind: 'hold';
      status: Status;
      waiting: Waiting;
      topic: string;
      records: readonly OutgoingRecord[];
    }>
  | Readonly<{ kind: 'dead-letter'; failure: Failure }>;

/** One attempt at the paid part of a stage. */
export type AttemptContext = Readonly<{
  /** Counts from 1. */
  number: number;
  /** Why the previous attempt failed: after a `content` failure an agent asks again with the reason. */
  previous: Failure | undefined;
  /** Aborted when the process must stop now. */
  signal: AbortSignal;
  /** Called with what the server's headers say about rate limits. */
  onRates?: ((reading: RateReading) => void) | undefined;
  /** Called with a paid answer at the moment it arrives, before anything else happens to it; the body comes in pieces. */
  onAnswer?: ((form: AnswerForm, body: readonly Uint8Array[]) => void) | undefined;
}>;

/** What a person should know about a successful attempt. */
export type AttemptNote = Pick<Attempt, 'code' | 'message'>;

/** The outcome of one attempt: everything but the list of attempts, which the caller keeps. */
export type AttemptResult<Result> = Omit<Finished<Result>, 'attempts'> &
  Readonly<{ finishReason: string; reply: string; note?: AttemptNote | undefined }>;

/** The result of a work that needed no call, and the name to record for it. */
type FreeResult<Result> = Readonly<{ result: Result; model: string }>;

/** The outcome of an act, and what it cost. */
export type Made = Pick<Step, 'model' | 'usage' | 'costUsd' | 'failed' | 'body'>;

/** One act of a work. Its outcome becomes a step. */
export type Act = Pick<Step, 'key' | 'kind'> &
  Readonly<{
    /** Safe to repeat. Throws Failures only. */
    run(attempt: AttemptContext): Promise<Made>;
    /** It needs no permission: it calls nobody and costs nothing. */
    free?: boolean;
    /** The gate to pass. Default: that of the stage. */
    gate?: CallGate | undefined;
    /** How much it may use. */
    sizeOf?(attempt: AttemptContext): Promise<CallSize>;
    /** The most that it costs, in US dollars, if no model is asked. */
    price?: number | undefined;
    /** How many calls are allowed for any failure, instead of what the policy allows. */
    mostAttempts?: number | undefined;
    /** What becomes of a failure that ended its attempts. Absent: it ends the work. */
    givenUp?(failure: Failure): Made | undefined;
  }>;

/** What comes next in a work: concurrent acts, its result, or its end as a dead letter. */
export type Move<Result> =
  | Readonly<{ kind: 'act'; acts: readonly Act[] }>
  | Readonly<{
      kind: 'finish';
      result: Result;
      model: string;
      recipe: string;
    }>
  | Readonly<{ kind: 'die'; failure: Failure }>;

/** Pure: the same steps always give the same move. */
export type NextMove<Result> = (steps: readonly Step[]) => Move<Result>;

/**
 * What happens to a record between its topic and the next. A stage touches neither offsets nor dead letters, and does not
 * read results of other stages: its message carries everything it needs.
 */
export type Stage<Message, Result> = Readonly<{
  name: string;
  /** Its input topic. */
  topic: string;
  /** Its own store. No other stage writes to it. */
  store: WorkStore<Result>;
  /** Parses the record. Throws a Failure of kind `poison`. */
  decode(record: LogRecord): Message;
  workOf(message: Message): WorkKey;
  /** Whether the work begins a trace of its own instead of continuing that of its record. */
  ownTrace?: boolean;
  /** What becomes of a record that cannot be decoded. Default: a dead letter. */
  undecodable?: 'dead-letter' | 'pass-over';
  /** Whether the record is for this stage. Other records are settled without work. Default: every record is. */
  wants?(message: Message, record: LogRecord): Promise<boolean>;
  /** What must be stored or ready before each delivery is worked, repeated ones too. Safe to repeat; retried during outages. */
  accept?(message: Message): Promise<void>;
  /**
   * Replaces claim and call if stored results are only published again: returns the result, or `undefined` to settle the
   * record without work.
   */
  recall?(message: Message): Promise<Finished<Result> | undefined>;
  /** How many calls are allowed for any failure, including the first, if the message says so. */
  mostAttempts?(message: Message): number | undefined;
  /** How much the attempt may use, to be reserved in the budget. Absent: the stage's work is free. */
  sizeOf?(message: Message, attempt: AttemptContext): Promise<CallSize>;
  /**
   * The result of a claimed work that needs no call: it waits for no gate and no budget, and counts as no attempt. `undefined` if
   * the work has to be run. Throws Failures only.
   */
  free?(message: Message): Promise<FreeResult<Result> | undefined>;
  /** Parses a result from a journal. Absent: such results are made again. */
  recognise?(finished: Finished<unknown>): Finished<Result> | undefined;
  /** How the work proceeds step by step; `undefined` if `run` does it in one act. */
  byStep?(message: Message): Promise<NextMove<Result> | undefined>;
  /** The model call of a step, for people; `undefined` if the step made none. */
  callOf?(step: Step): Attempt | undefined;
  /** The paid part. Throws Failures only. */
  run(message: Message, attempt: AttemptContext): Promise<AttemptResult<Result>>;
  /** Decides what follows from a result, new or stored. Pure: the same result always gives the same decision. */
  decide(message: Message, finished: Finished<Result>): StageResult;
}>;
