import type { AlarmSink } from '../../../streams/alarms.ts';
import type { Watchdog } from './watchdog.ts';

export const TICK_MS = 1_000;
const BLOCKED_MS = 5_000;
/** It is seen when it is over, so it is shown for a while. */
const SHOWN_MS = 60_000;

/** Sees from the looks themselves, one a second, that nothing ran for 5 s: no heartbeat, no renewal, no answer. */
export class EventLoopWatch implements Watchdog {
  readonly #alarms: AlarmSink;
  #lastMs: number | undefined;
  #blockedAtMs: number | undefined;
  #lagMs = 0;

  constructor(alarms: AlarmSink) {
    this.#alarms = alarms;
  }

  /** By how much the last look came late. */
  get lagMs(): number {
    return this.#lagMs;
  }

  look(nowMs: number): void {
    this.#lagMs = Math.max(0, nowMs - (this.#lastMs ?? nowMs - TICK_MS) - TICK_MS);
    this.#lastMs = nowMs;
    if (this.#lagMs >= BLOCKED_MS) {
      this.#blockedAtMs = nowMs;
      this.#alarms.raise('event_loop_blocked', 'process', textOf(this.#lagMs));
    } else if (this.#blockedAtMs !== undefined && nowMs - this.#blockedAtMs >= SHOWN_MS) {
      this.#blockedAtMs = undefined;
      this.#alarms.clear('event_loop_blocked', 'process');
    }
  }
}

function textOf(lagMs: number): string {
  return (
    `Nothing in this process ran for ${(lagMs / 1_000).toFixed(1)} s: it computed all that time, was suspended, or the machine has ` +
    `no CPU to give. Claims and group membership may be lost meanwhile, which costs calls made twice. Give it more CPU, ` +
    `a smaller --batch-size, or fewer neighbours; if it was suspended on purpose, all is well.`
  );
}
