import type { AlarmSink } from '../../../streams/alarms.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import type { WorkKey } from '../../../streams/work/work.ts';

/** A call ends by its own time-out; one that is so much older will not. */
const MARGIN_MS = 30_000;

export type CallWatchOptions = Readonly<{
  alarms: AlarmSink;
  /** Time-out of one call of a stage. */
  timeoutMsOf(stage: string): number;
  now(): number;
}>;

/** Sees calls that outlive their time-out: each holds one of its stage's calls for ever. */
export function callWatch({ alarms, timeoutMsOf, now }: CallWatchOptions) {
  /** Since when, by stage, in the order they started: the first is the oldest. */
  const started = new Map<string, Map<WorkKey, number>>();
  const callsOf = (stage: string) => {
    const calls = started.get(stage) ?? new Map<WorkKey, number>();
    started.set(stage, calls);
    return calls;
  };
  return {
    onEvent(event: StageEvent): void {
      if (event.kind === 'call-started') callsOf(event.stage).set(event.work, now());
      else if (event.kind === 'call-ended') callsOf(event.stage).delete(event.work);
    },
    look(nowMs: number): void {
      for (const [stage, calls] of started) {
        const [[work, sinceMs] = [undefined, nowMs]] = calls;
        const ageMs = nowMs - sinceMs;
        const timeoutMs = timeoutMsOf(stage);
        if (work !== undefined && ageMs > timeoutMs + MARGIN_MS)
          alarms.raise('call_overdue', stage, textOf(stage, work, ageMs, timeoutMs));
        else alarms.clear('call_overdue', stage);
      }
    },
  };
}

function textOf(stage: string, { questionId }: WorkKey, ageMs: number, timeoutMs: number): string {
  return (
    `A call of ${stage} for question ${questionId} has been out for ${Math.round(ageMs / 1_000)} s, beyond its time-out of ` +
    `${timeoutMs / 1_000} s. It holds one of the stage's calls and its question waits. If it does not end: stop this process ` +
    `and start it again; the call is made again, everything else is kept.`
  );
}
