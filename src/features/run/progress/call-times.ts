import type { StageEvent } from '../../../streams/delivery/stage-events.ts';

/** So many of the last calls are remembered. */
const REMEMBERED = 200;

type Times = { started: Map<object, number>; calls: number; done: number; last: number[] };

/** How long calls take at each stage, and for how long those on their way have been out. */
export class CallTimes {
  readonly #stages = new Map<string, Times>();

  onEvent(event: StageEvent, nowMs: number): void {
    const times = this.#of(event.stage);
    if (event.kind === 'call-started') times.started.set(event.work, nowMs);
    else if (event.kind === 'call-ended') {
      const tookMs = nowMs - (times.started.get(event.work) ?? nowMs);
      times.started.delete(event.work);
      times.last[times.calls % REMEMBERED] = tookMs;
      times.calls += 1;
    } else if (event.kind === 'outcome' && event.outcome.kind === 'settled' && event.outcome.called)
      times.done += 1;
  }

  /** Milliseconds. The times are those of the last calls, longer by what calls that failed cost a question. */
  read(stage: string, nowMs: number): Readonly<{ agesMs: readonly number[]; timesMs: readonly number[] }> {
    const { started, calls, done, last } = this.#of(stage);
    const agesMs = [...started.values()].map((startMs) => nowMs - startMs);
    const each = done === 0 ? 0 : calls / done;
    return { agesMs, timesMs: done === 0 ? [] : last.map((tookMs) => tookMs * each) };
  }

  #of(stage: string): Times {
    const known = this.#stages.get(stage);
    if (known !== undefined) return known;
    const times: Times = { started: new Map(), calls: 0, done: 0, last: [] };
    this.#stages.set(stage, times);
    return times;
  }
}
