import { byStage, type StageName } from '../../stages/stage-names.ts';
import type { Flow, FlowHistory, FlowPoint } from './http/schemas.ts';
import type { Rates } from './read-flow.ts';

export const STEP_SECONDS = 10;
const KEPT_MINUTES = 60;
const MINUTE_SECONDS = 60;

type Sample = Readonly<{ at: number; done: Rates; inFlight: Rates; tokens: number; costUsd: number }>;

/** The last hour of a stream, a sample every few seconds; its size does not grow. */
export class FlowSamples {
  readonly #samples: Sample[] = [];

  /** `at` in seconds since 1970. Samples that come too soon after the last one are left out. */
  add(at: number, flow: Flow): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && at < last.at + STEP_SECONDS) return;
    this.#samples.push({
      ...{ at, tokens: flow.tokens, costUsd: flow.costUsd },
      done: byStage((stage) => partOf(flow, stage, 'done')),
      inFlight: byStage((stage) => partOf(flow, stage, 'inFlight')),
    });
    if (this.#samples.length > (KEPT_MINUTES * MINUTE_SECONDS) / STEP_SECONDS + 1) this.#samples.shift();
  }

  /** What was done in the minute before `at`, by stage, from the nearest samples. */
  rates(at: number, done: Rates): Rates {
    const before = this.#samples.findLast((sample) => sample.at <= at - MINUTE_SECONDS) ?? this.#samples[0];
    if (before === undefined || before.at >= at) return byStage(() => 0);
    const perMinute = MINUTE_SECONDS / Math.max(MINUTE_SECONDS, at - before.at);
    return byStage((stage) => Math.max(0, (done[stage] ?? 0) - (before.done[stage] ?? 0)) * perMinute);
  }

  history(minutes: number): FlowHistory {
    const wanted = this.#samples.slice(-((minutes * MINUTE_SECONDS) / STEP_SECONDS + 1));
    const points = wanted.slice(1).map((sample, index) => pointOf(sample, wanted[index] ?? sample));
    return { stepSeconds: STEP_SECONDS, points };
  }
}

function pointOf(sample: Sample, before: Sample): FlowPoint {
  return {
    at: Math.round(sample.at),
    done: byStage((stage) => Math.max(0, (sample.done[stage] ?? 0) - (before.done[stage] ?? 0))),
    inFlight: sample.inFlight,
    tokens: Math.max(0, sample.tokens - before.tokens),
    costUsd: Math.max(0, sample.costUsd - before.costUsd),
  };
}

function partOf(flow: Flow, stage: StageName, part: 'done' | 'inFlight'): number {
  return flow.stages.find((each) => each.stage === stage)?.[part] ?? 0;
}
