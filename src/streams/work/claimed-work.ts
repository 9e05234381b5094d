import type { Price } from '../budget/budget.ts';
import type { CallSize } from '../budget/call-estimate.ts';
import type { AttemptContext } from '../delivery/stage.ts';
import type { CallGate } from '../limits/call-gate.ts';
import type { LogRecord } from '../log/log.ts';
import { type AttemptTime, inOrder } from './attempts.ts';
import type { ArrivedStep, JournalMark } from './journal.ts';
import type { Attempt, HeldWork, WorkKey } from './work.ts';

/** What is called for a work, and how much it may take; without a size it is free. */
export type Call<Made> = Readonly<{
  run(attempt: AttemptContext): Promise<Made>;
  sizeOf?: ((attempt: AttemptContext) => Promise<CallSize | Price>) | undefined;
  /** Default: that of the stage. */
  gate?: CallGate | undefined;
  /** Which step its answer becomes. */
  step?: ArrivedStep | undefined;
  /** Hears of each attempt that has ended. */
  timed?: ((attempt: AttemptTime) => void) | undefined;
  /** Calls for any failure, in place of what the policy allows. */
  mostAttempts?: number | undefined;
}>;

/** A work that is claimed here, and what is known of it so far. */
export type Claimed = {
  readonly record: LogRecord;
  readonly work: WorkKey;
  readonly held: HeldWork;
  /** That failed, those of earlier holders first: they count in its numbers and sums, not against the retries. */
  readonly failed: Attempt[];
  /** Its steps that were calls of a model, those of earlier holders first. */
  readonly calls: Attempt[];
  /** Where the answer of the attempt at work stands in the journal, once it has come. */
  mark: JournalMark | undefined;
  /** Calls that are out, or wait for leave. */
  out: number;
  /** The newest call of a model failed: the next one is made again. */
  again: boolean;
};

/** As it is when it was just claimed. `attempts`: those of earlier holders, which failed. */
export function claimedWork(
  record: LogRecord,
  work: WorkKey,
  held: HeldWork,
  attempts: readonly Attempt[],
): Claimed {
  const fresh = { calls: [], mark: undefined, out: 0, again: attempts.length > 0 };
  return { record, work, held, failed: [...attempts], ...fresh };
}

/** Attempts alone keep their numbers: those of a work without steps are told of as they were recorded. */
export function madeOf({ failed, calls }: Claimed): readonly Attempt[] {
  return calls.length === 0 ? failed : inOrder([...failed, ...calls]);
}
