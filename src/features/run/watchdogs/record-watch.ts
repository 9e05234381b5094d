import type { AlarmSink } from '../../../streams/alarms.ts';
import type { Moving } from '../../../streams/delivery/in-hand.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';

/** Longer than any adapter takes for a write or a look-up: MongoDB's and Kafka's give up after 60 s. */
export const STUCK_MS = 120_000;
/** What may be spent is asked of the store as well, in the name of all stages. */
const BUDGET = 'budget';
/** Looks come once a second: where one came so late, the process itself stood still. */
const LATE_MS = 10_000;

export type RecordWatchOptions = Readonly<{
  alarms: AlarmSink;
  /** Per stage, the record that should move and has not for the longest time. */
  oldest(): Iterable<readonly [stage: string, Moving | undefined]>;
  now(): number;
  stuckMs?: number | undefined;
}>;

/**
 * Sees a record in hand that neither ends nor begins anything, while its neighbours may go on: its partition is
 * committed no further, and its claim is renewed, so no other worker takes it over. While the store or the log refuses
 * writes there is a reason, and it is shown by its own alarm.
 */
export function recordWatch({ alarms, oldest, now, stuckMs = STUCK_MS }: RecordWatchOptions) {
  const refusedMs = new Map<string, number>();
  let lookedMs: number | undefined;
  let awakeMs = 0;
  return {
    onEvent({ kind, stage }: StageEvent): void {
      if (kind === 'write-waits') refusedMs.set(stage, now());
    },
    look(nowMs: number): void {
      if (lookedMs !== undefined && nowMs - lookedMs > LATE_MS) awakeMs = nowMs;
      lookedMs = nowMs;
      for (const [stage, moving] of oldest()) {
        const excuses = [refusedMs.get(stage) ?? 0, refusedMs.get(BUDGET) ?? 0, awakeMs];
        const sinceMs = Math.max(moving?.sinceMs ?? nowMs, ...excuses);
        if (moving !== undefined && nowMs - sinceMs > stuckMs)
          alarms.raise('record_stuck', stage, textOf(stage, moving, nowMs));
        else alarms.clear('record_stuck', stage);
      }
    },
  };
}

function textOf(stage: string, { record, sinceMs }: Moving, nowMs: number): string {
  const { topic, partition, offset, key } = record;
  return (
    `The record at ${topic}:${partition}:${offset} (question ${key ?? 'unknown'}) of ${stage} has been in hand for ` +
    `${Math.round((nowMs - sinceMs) / 1_000)} s and nothing happens to it: a write or a look-up got no answer. Nothing behind ` +
    `it is committed. Stop this process and start it again: the record is worked again, and what is stored is not paid again.`
  );
}
