import type { StageProgress } from '../features/run/progress/run-progress.ts';
import type { StageEvent } from '../streams/delivery/stage-events.ts';
import type { FailureKind } from '../streams/failure.ts';

/** A question that became a dead letter. */
export type PipelineError = Readonly<{
  /** Absent where the record could not be decoded. */
  questionId: string | undefined;
  stage: string;
  kind: FailureKind;
  code: string;
  message: string;
  /** ISO 8601. */
  timestamp: string;
}>;

/** Where a run stands, and what went wrong for good. */
export type PipelineProgress = Readonly<{
  questions: number;
  /** Not yet at an end. */
  open: number;
  stages: readonly StageProgress[];
  /** Of a pipeline without end the last 100. */
  errors: readonly PipelineError[];
  /** How many there were. */
  errorCount: number;
}>;

export function errorOf(event: StageEvent): PipelineError | undefined {
  if (event.kind !== 'outcome' || event.outcome.kind !== 'dead-lettered') return undefined;
  const { work, failure } = event.outcome;
  const { kind, code, message } = failure;
  const timestamp = new Date().toISOString();
  return { questionId: work?.questionId, stage: event.stage, kind, code, message, timestamp };
}
