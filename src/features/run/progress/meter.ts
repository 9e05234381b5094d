import type { StageEvent, StageOutcome } from '../../../streams/delivery/stage-events.ts';
import { type Failure, NO_USAGE, type Usage } from '../../../streams/failure.ts';
import { callOfResult } from '../../../streams/work/attempts.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { Attempt } from '../../../streams/work/work.ts';
import { type DurationCounts, Durations } from './durations.ts';

type StageMeter = Readonly<{
  inFlight: number;
  /** Works whose call was made and stored in this session. */
  done: number;
  dead: number;
  failedAttempts: number;
  /** Of works that were made here, from their delivery on. */
  durations: DurationCounts;
}>;

/** Why works became dead letters. */
export type DeathReason = Readonly<{
  stage: string;
  kind: Failure['kind'];
  code: string;
  count: number;
  /** What was said of the first. */
  message: string;
}>;

/** What a session has done and spent since it started. */
export type MeterReading = Readonly<{
  stages: ReadonlyMap<string, StageMeter>;
  calls: number;
  /** Of calls, and of look-ups. */
  failedAttempts: number;
  /** Absent: none. */
  failedLookUps?: number;
  usage: Usage;
  costUsd: number;
  /** Calls whose price is not known. */
  unpricedCalls: number;
  /** The most frequent first; of as many kinds as were seen, at most a hundred. */
  deaths?: readonly DeathReason[];
}>;

type Counts = { inFlight: number; done: number; dead: number; failedAttempts: number; durations: Durations };

const MOST_REASONS = 100;

/** Adds up the events of a session. */
export class Meter {
  readonly #stages = new Map<string, Counts>();
  #calls = 0;
  #failedAttempts = 0;
  #failedLookUps = 0;
  #usage: Usage = NO_USAGE;
  #costUsd = 0;
  #unpricedCalls = 0;
  readonly #deaths = new Map<string, DeathReason>();

  onEvent(event: StageEvent): void {
    const stage = this.#stage(event.stage);
    switch (event.kind) {
      case 'call-started':
        stage.inFlight += 1;
        return;
      case 'call-ended':
        stage.inFlight -= 1;
        return;
      case 'attempt-failed':
        stage.failedAttempts += 1;
        this.#failedAttempts += 1;
        if (event.lookUp) {
          this.#failedLookUps += 1;
          this.#take(event.attempt);
        } else this.#spend(event.attempt);
        return;
      case 'step-made':
        this.#onStep(stage, event.step, event.call);
        return;
      case 'outcome':
        this.#onOutcome(stage, event.outcome, event.durationMs);
        if (event.outcome.kind === 'dead-lettered') this.#onDeath(event.stage, event.outcome.failure);
        return;
      case 'write-waits':
        return;
      default:
        event satisfies never;
    }
  }

  get reading(): MeterReading {
    return {
      stages: new Map(
        [...this.#stages].map(([name, counts]) => [name, { ...counts, durations: counts.durations.counts }]),
      ),
      calls: this.#calls,
      failedAttempts: this.#failedAttempts,
      ...(this.#failedLookUps === 0 ? {} : { failedLookUps: this.#failedLookUps }),
      usage: this.#usage,
      costUsd: this.#costUsd,
      unpricedCalls: this.#unpricedCalls,
      deaths: [...this.#deaths.values()].sort((a, b) => b.count - a.count),
    };
  }

  #onOutcome(stage: Counts, outcome: StageOutcome, durationMs: number | undefined): void {
    if (outcome.kind === 'dead-lettered') stage.dead += 1;
    if (outcome.kind !== 'settled' || !outcome.called) return;
    stage.done += 1;
    if (durationMs !== undefined) stage.durations.add(durationMs);
    const last = callOfResult(outcome.finished);
    if (last !== undefined) this.#spend(last);
  }

  /** What a look-up costs is money, and no call of a model. */
  #onStep(stage: Counts, step: Step, call: Attempt | undefined): void {
    if (call === undefined) this.#take(step);
    else this.#spend(call);
    if (call === undefined || call.outcome === 'ok') return;
    stage.failedAttempts += 1;
    this.#failedAttempts += 1;
  }

  #onDeath(stage: string, { kind, code, message }: Failure): void {
    const key = `${stage} ${code}`;
    const known = this.#deaths.get(key);
    if (known === undefined && this.#deaths.size >= MOST_REASONS) return;
    this.#deaths.set(key, { stage, kind, code, message, ...known, count: (known?.count ?? 0) + 1 });
  }

  #spend(call: Attempt): void {
    this.#calls += 1;
    this.#take(call);
  }

  #take({ usage, costUsd }: Pick<Attempt, 'usage' | 'costUsd'>): void {
    this.#usage = {
      input: this.#usage.input + usage.input,
      output: this.#usage.output + usage.output,
      cached: this.#usage.cached + usage.cached,
      reasoning: this.#usage.reasoning + usage.reasoning,
    };
    if (costUsd === null) this.#unpricedCalls += 1;
    else this.#costUsd += costUsd;
  }

  #stage(name: string): Counts {
    const known = this.#stages.get(name);
    if (known !== undefined) return known;
    const counts = { inFlight: 0, done: 0, dead: 0, failedAttempts: 0, durations: new Durations() };
    this.#stages.set(name, counts);
    return counts;
  }
}
