import type { LogRecord } from '../log/log.ts';
import type { WorkKey } from '../work/work.ts';
import type { StageOutcome } from './stage-events.ts';

/** A record on its way through a stage. */
export type TracedWork = Readonly<{
  stage: string;
  record: LogRecord;
  /** Absent where the record could not be decoded. */
  work: WorkKey | undefined;
  /** The work is not a part of the trace that its record names: it begins one. */
  ownTrace: boolean;
}>;

/** Follows records through the stages. Where nobody traces there is none, and nothing is spent on it. */
export interface StageTracer {
  /** Acts once, as a part of the record's trace, and resolves or rejects as the act does. */
  work(traced: TracedWork, act: () => Promise<StageOutcome>): Promise<StageOutcome>;
}
