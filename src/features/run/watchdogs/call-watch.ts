import type { AlarmSink } from '../../../streams/alarms.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import type { WorkKey } from '../../../streams/work/work.ts';
import type { Watchdog } from './watchdog.ts';

/** A call ends by its own time-out; one that is so much older will not. */
const MARGIN_MS = 30_000;

type Call = Readonly<{ work: WorkKey; sinceMs: number }>;

export type CallWatchOptions = Readonly<{
  alarms: AlarmSink;
  /** Time-out of one call of a stage. */
  timeoutMsOf(stage: string): number;
  now(): number;
}>;

/** Sees calls that outlive their time-out: each holds one of its stage's calls for ever. */
export class CallWatch implements Watchdog {
  readonly #options: CallWatchOptions;
  /** By stage, in the order they started: the first is the oldest. */
  readonly #calls = new Map<string, Map<WorkKey, Call>>();

  constructor(options: CallWatchOptions) {
    this.#options = options;
  }

  onEvent(event: StageEvent): void {
    if (event.kind === 'call-started')
      this.#of(event.stage).set(event.work, { work: event.work, sinceMs: this.#options.now() });
    else if (event.kind === 'call-ended') this.#of(event.stage).delete(event.work);
  }

  look(nowMs: number): void {
    const { alarms, timeoutMsOf } = this.#options;
    for (const [stage, calls] of this.#calls) {
      const [oldest] = calls.values();
      const ageMs = oldest === undefined ? 0 : nowMs - oldest.sinceMs;
      const timeoutMs = timeoutMsOf(stage);
      if (oldest !== undefined && ageMs > timeoutMs + MARGIN_MS)
        alarms.raise('call_overdue', stage, textOf(stage, oldest.work, ageMs, timeoutMs));
      else alarms.clear('call_overdue', stage);
    }
  }

  #of(stage: string): Map<WorkKey, Call> {
    const known = this.#calls.get(stage);
    if (known !== undefined) return known;
    const calls = new Map<WorkKey, Call>();
    this.#calls.set(stage, calls);
    return calls;
  }
}

function textOf(stage: string, { questionId }: WorkKey, ageMs: number, timeoutMs: number): string {
  return (
    `A call of ${stage} for question ${questionId} has been out for ${Math.round(ageMs / 1_000)} s, beyond its time-out of ` +
    `${timeoutMs / 1_000} s. It holds one of the stage's calls and its question waits. If it does not end: stop this process ` +
    `and start it again; the call is made again, everything else is kept.`
  );
}
