import type { Failure } from '../failure.ts';
import type { LogRecord } from '../log/log.ts';
import type { Step } from '../work/step.ts';
import type { Attempt, Finished, WorkKey } from '../work/work.ts';
import type { StageResult } from './stage.ts';

/** How a delivery ended. All but `left`, `abandoned` and `fatal` settle its offset. */
export type StageOutcome =
  /** Worked, stored and published, now or by finding the stored result. */
  | Readonly<{
      kind: 'settled';
      work: WorkKey;
      result: StageResult;
      finished: Finished<unknown>;
      called: boolean;
    }>
  /** Everything about it was done before. */
  | Readonly<{ kind: 'repeated'; work: WorkKey; dead: boolean }>
  /** Another's record, a tombstone, or one of a forgotten question: settled unworked. */
  | Readonly<{ kind: 'skipped' }>
  | Readonly<{ kind: 'dead-lettered'; work: WorkKey | undefined; failure: Failure }>
  /** Only a newer version can read it: it stays where it is. */
  | Readonly<{ kind: 'left'; failure: Failure }>
  /** The process is stopping: it comes again at the next start. */
  | Readonly<{ kind: 'abandoned' }>
  /** Nothing can work until a person changes something. */
  | Readonly<{ kind: 'fatal'; failure: Failure }>;

/** What a stage tells those who watch it. */
export type StageEvent =
  | Readonly<{ kind: 'call-started'; stage: string; work: WorkKey }>
  | Readonly<{ kind: 'call-ended'; stage: string; work: WorkKey }>
  | Readonly<{
      kind: 'attempt-failed';
      stage: string;
      record: LogRecord;
      work: WorkKey;
      attempt: Attempt;
      failure: Failure;
      /** A tool was called, and no model. */
      lookUp?: boolean;
      /** The call before it failed. */
      again?: boolean;
    }>
  /** A step of a work was made here, and paid for: whatever becomes of the work, it counts. `call`: where a model was asked; `again`: since the call before it
   * failed. */
  | Readonly<{
      kind: 'step-made';
      stage: string;
      work: WorkKey;
      step: Step;
      call: Attempt | undefined;
      again?: boolean;
    }>
  /** The store or the log does not take a write of the stage; it is repeated until it does. */
  | Readonly<{ kind: 'write-waits'; stage: string; failure: Failure }>
  | Readonly<{
      kind: 'outcome';
      stage: string;
      record: LogRecord;
      outcome: StageOutcome;
      /** Since the record was delivered, waits included. */
      durationMs?: number;
    }>;
