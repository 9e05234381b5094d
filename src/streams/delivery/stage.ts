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
  /** Why the attempt before failed: an agent answers a `content` failure by asking again with the reason. */
  previous: Failure | undefined;
  /** Aborted when the process must stop now. */
  signal: AbortSignal;
  /** To be told what the server's headers say of its budgets. */
  onRates?: ((reading: RateReading) => void) | undefined;
  /** To be told of a paid answer in the moment it has come, before anything else happens to it; the body in pieces. */
  onAnswer?: ((form: AnswerForm, body: readonly Uint8Array[]) => void) | undefined;
}>;

/** What a person should know of an attempt that succeeded. */
export type AttemptNote = Pick<Attempt, 'code' | 'message'>;

/** What one attempt brought: everything but the list of attempts, which the caller keeps. */
export type AttemptResult<Result> = Omit<Finished<Result>, 'attempts'> &
  Readonly<{ finishReason: string; reply: string; note?: AttemptNote | undefined }>;

/** What a work came to that nobody was called for, and who is named for it. */
type FreeResult<Result> = Readonly<{ result: Result; model: string }>;

/** What an act came to, and what it cost. */
export type Made = Pick<Step, 'model' | 'usage' | 'costUsd' | 'failed' | 'body'>;

/** One act of a work: whatever it comes to becomes a step. */
export type Act = Pick<Step, 'key' | 'kind'> &
  Readonly<{
    /** Safe to repeat. Throws Failures only. */
    run(attempt: AttemptContext): Promise<Made>;
    /** It waits for nobody's leave: it calls nobody, and costs nothing. */
    free?: boolean;
    /** Where it asks for leave. Default: where the stage does. */
    gate?: CallGate | undefined;
    /** How much it may take. */
    sizeOf?(attempt: AttemptContext): Promise<CallSize>;
    /** What it costs at most, in US dollars, where no model is asked. */
    price?: number | undefined;
    /** Calls for any failure, in place of what the policy allows. */
    mostAttempts?: number | undefined;
    /** What a failure that ended its attempts becomes. Absent: the end of the work. */
    givenUp?(failure: Failure): Made | undefined;
  }>;

/** What comes next in a work: acts side by side, its result, or its death. */
export type Move<Result> =
  | Readonly<{ kind: 'act'; acts: readonly Act[] }>
  | Readonly<{
      kind: 'finish';
      result: Result;
      model: string;
      recipe: string;
    }>
  | Readonly<{ kind: 'die'; failure: Failure }>;

/** Pure: the same steps bring the same move, whoever asks and whenever. */
export type NextMove<Result> = (steps: readonly Step[]) => Move<Result>;

/**
 * What happens to a record between its topic and the next. A stage touches neither offsets nor dead letters, and reads
 * no other stage's results: its message carries all it needs.
 */
export type Stage<Message, Result> = Readonly<{
  name: string;
  /** Its input topic. */
  topic: string;
  /** Its own store: no other stage writes there. */
  store: WorkStore<Result>;
  /** The record as a message. Throws a Failure of kind `poison`. */
  decode(record: LogRecord): Message;
  workOf(message: Message): WorkKey;
  /** The work begins a trace of its own instead of going on with that of its record. */
  ownTrace?: boolean;
  /** What becomes of a record that cannot be decoded. Default: a dead letter. */
  undecodable?: 'dead-letter' | 'pass-over';
  /** Whether the record is for this stage at all; one that is not is settled unworked. Default: every record is. */
  wants?(message: Message, record: LogRecord): Promise<boolean>;
  /** What must be kept or ready for every delivery, a repeated one included. Safe to repeat; repeated through outages. */
  accept?(message: Message): Promise<void>;
  /**
   * Takes the place of claim and call where stored results are only published again: the result, or `undefined` to
   * settle the record unworked.
   */
  recall?(message: Message): Promise<Finished<Result> | undefined>;
  /** Calls for any failure, the first included, where the message says so itself. */
  mostAttempts?(message: Message): number | undefined;
  /** How much the attempt may take, for a budget to make room. Absent: the stage's work is free. */
  sizeOf?(message: Message, attempt: AttemptContext): Promise<CallSize>;
  /**
   * The result of a work that needs no call, once it is claimed: it waits for no leave and no budget, and counts no attempt. `undefined`
   * where it has to be run. Throws Failures only.
   */
  free?(message: Message): Promise<FreeResult<Result> | undefined>;
  /** A result that was read from a file, as this stage knows it; without it such results are made anew. */
  recognise?(finished: Finished<unknown>): Finished<Result> | undefined;
  /** How the work goes step by step; `undefined` where `run` makes it in one act. */
  byStep?(message: Message): Promise<NextMove<Result> | undefined>;
  /** The call of the model that a step was, as a person reads of it; `undefined` where none was asked. */
  callOf?(step: Step): Attempt | undefined;
  /** The paid part. Throws Failures only. */
  run(message: Message, attempt: AttemptContext): Promise<AttemptResult<Result>>;
  /** What follows from a result, new or stored. Pure: the same result always decides the same. */
  decide(message: Message, finished: Finished<Result>): StageResult;
}>;
