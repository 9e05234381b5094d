import type { AlarmSink } from '../../../streams/alarms.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';

/** A refused write is tried again every 5 s at most. */
const OVER_MS = 15_000;

/** Shows, per stage, that the store or the log refuses writes, until none was refused for a while. */
export function writeWatch(alarms: AlarmSink, now: () => number) {
  const refusedMs = new Map<string, number>();
  return {
    onEvent(event: StageEvent): void {
      if (event.kind !== 'write-waits') return;
      const { stage, failure } = event;
      refusedMs.set(stage, now());
      const text = `${failure.message} Finished answers of ${stage} wait in memory and are written once it works.`;
      alarms.raise('write_waits', stage, text);
    },
    look(nowMs: number): void {
      for (const [stage, lastMs] of refusedMs) {
        if (nowMs - lastMs < OVER_MS) continue;
        refusedMs.delete(stage);
        alarms.clear('write_waits', stage);
      }
    },
  };
}
