import type { StageEvent } from '../streams/stage-events.ts';

type Times = { started: Map<object, number>; endedMs: number; done: number };

/** How long calls take at each stage, and for how long those on their way have been out. */
export class CallTimes {
  readonly #stages = new Map<string, Times>();

  onEvent(event: StageEvent, nowMs: number): void {
    const times = this.#of(event.stage);
    if (event.kind === 'call-started') times.started.set(event.work, nowMs);
    else if (event.kind === 'call-ended') {
      times.endedMs += nowMs - (times.started.get(event.work) ?? nowMs);
      times.started.delete(event.work);
    } else if (event.kind === 'outcome' && event.outcome.kind === 'settled' && event.outcome.called)
      times.done += 1;
  }

  /** Milliseconds. Failed calls are counted with the question that they were made for. */
  read(stage: string, nowMs: number): Readonly<{ agesMs: readonly number[]; eachMs: number | undefined }> {
    const { started, endedMs, done } = this.#of(stage);
    const agesMs = [...started.values()].map((startMs) => nowMs - startMs);
    return { agesMs, eachMs: done === 0 ? undefined : endedMs / done };
  }

  #of(stage: string): Times {
    const known = this.#stages.get(stage);
    if (known !== undefined) return known;
    const times: Times = { started: new Map(), endedMs: 0, done: 0 };
    this.#stages.set(stage, times);
    return times;
  }
}
