import type { AlarmSink } from '../../../streams/alarms.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import type { Watchdog } from './watchdog.ts';

/** A refused write is tried again every 5 s at most. */
const OVER_MS = 15_000;

/** Shows, per stage, that the store or the log refuses writes, until none was refused for a while. */
export class WriteWatch implements Watchdog {
  readonly #alarms: AlarmSink;
  readonly #now: () => number;
  readonly #refusedMs = new Map<string, number>();

  constructor(alarms: AlarmSink, now: () => number) {
    this.#alarms = alarms;
    this.#now = now;
  }

  onEvent(event: StageEvent): void {
    if (event.kind !== 'write-waits') return;
    const { stage, failure } = event;
    this.#refusedMs.set(stage, this.#now());
    const text = `${failure.message} Finished answers of ${stage} wait in memory and are written once it works.`;
    this.#alarms.raise('write_waits', stage, text);
  }

  look(nowMs: number): void {
    for (const [stage, refusedMs] of this.#refusedMs) {
      if (nowMs - refusedMs < OVER_MS) continue;
      this.#refusedMs.delete(stage);
      this.#alarms.clear('write_waits', stage);
    }
  }
}
