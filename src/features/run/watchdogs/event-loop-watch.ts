import type { AlarmSink } from '../../../streams/alarms.ts';

export const TICK_MS = 1_000;
const BLOCKED_MS = 5_000;
/** It is seen when it is over, so it is shown for a while. */
const SHOWN_MS = 60_000;

/** Sees from the looks themselves, one a second, that nothing ran for 5 s: no heartbeat, no renewal, no answer. */
export function eventLoopWatch(alarms: AlarmSink) {
  let lastMs: number | undefined;
  let blockedAtMs: number | undefined;
  let lagMs = 0;
  return {
    /** By how much the last look came late. */
    get lagMs(): number {
      return lagMs;
    },
    look(nowMs: number): void {
      lagMs = Math.max(0, nowMs - (lastMs ?? nowMs - TICK_MS) - TICK_MS);
      lastMs = nowMs;
      if (lagMs >= BLOCKED_MS) {
        blockedAtMs = nowMs;
        alarms.raise('event_loop_blocked', 'process', textOf(lagMs));
      } else if (blockedAtMs !== undefined && nowMs - blockedAtMs >= SHOWN_MS) {
        blockedAtMs = undefined;
        alarms.clear('event_loop_blocked', 'process');
      }
    },
  };
}

function textOf(lagMs: number): string {
  return (
    `Nothing in this process ran for ${(lagMs / 1_000).toFixed(1)} s: it computed all that time, was suspended, or the machine has ` +
    `no CPU to give. Claims and group membership may be lost meanwhile, which costs calls made twice. Give it more CPU, ` +
    `a smaller --batch-size, or fewer neighbours; if it was suspended on purpose, all is well.`
  );
}
