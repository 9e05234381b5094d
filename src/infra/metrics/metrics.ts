import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isShadowStage } from '../../stages/judges/shadow-name.ts';
import type { StageEvent, StageOutcome } from '../../streams/delivery/stage-events.ts';
import { callOfResult } from '../../streams/work/attempts.ts';
import type { Attempt } from '../../streams/work/work.ts';
import type { EndedLookUp } from '../tools/look-up-meter.ts';
import {
  type CounterName,
  type GaugeReading,
  type HistogramName,
  METRIC_GROUPS,
  type MetricSpec,
} from './catalogue.ts';

/** A server may name its model as it likes: past so many names, all others are one. */
const MOST_MODELS = 50;

/** With which an answer is sent back since its quotes do not stand. */
const REFUSED_QUOTES = new Set(['bad_quote', 'unknown_piece', 'no_quote', 'bad_citation']);

/** Reads gauges at the moment of a scrape. A source that fails leaves its gauges out, and takes nothing else with it. */
export type GaugeSource = () => Promise<readonly GaugeReading[]>;

/** The metrics of one process, for Prometheus. Hears of events in the background of the work; reads gauges when asked. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #histograms: ReadonlyMap<string, Histogram>;
  readonly #gauges: ReadonlyMap<string, Gauge>;
  readonly #sources: GaugeSource[] = [];
  readonly #models = new Set<string>();

  constructor() {
    const { counters, histograms, process, stored } = METRIC_GROUPS;
    const registers = [this.#registry];
    this.#counters = made(counters, (facts) => new Counter({ ...facts, registers }));
    this.#gauges = made({ ...process, ...stored }, (facts) => new Gauge({ ...facts, registers }));
    this.#histograms = made(histograms, ({ buckets = [], ...facts }) => {
      return new Histogram({ ...facts, buckets: [...buckets], registers });
    });
  }

  readonly contentType = this.#registry.contentType;

  readFrom(source: GaugeSource): void {
    this.#sources.push(source);
  }

  onEvent(event: StageEvent): void {
    const { stage } = event;
    switch (event.kind) {
      case 'attempt-failed':
        // Tools have counters of their own.
        if (event.lookUp) this.#onPaid(stage, '', event.attempt);
        else this.#onCall(stage, event.attempt, event.again);
        return;
      case 'step-made':
        if (event.call !== undefined) this.#onCall(stage, event.call, event.again);
        else this.#onPaid(stage, '', event.step);
        return;
      case 'write-waits':
        this.#count('millrace_write_waits_total', { stage });
        return;
      case 'outcome':
        this.#onOutcome(stage, event.outcome);
        if (event.durationMs !== undefined)
          this.#observe('millrace_stage_duration_seconds', { stage }, event.durationMs);
        return;
      case 'call-started':
      case 'call-ended':
        return;
      default:
        event satisfies never;
    }
  }

  /** All metrics as text (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  async text(): Promise<string> {
    const read = await Promise.all(this.#sources.map((source) => source().catch(() => [])));
    for (const gauge of this.#gauges.values()) gauge.reset();
    for (const { name, labels, value } of read.flat()) this.#gauges.get(name)?.set({ ...labels }, value);
    return this.#registry.metrics();
  }

  /** A search of the documents took so long. */
  searched(seconds: number): void {
    this.#observe('millrace_search_duration_seconds', {}, seconds * 1_000);
  }

  lookedUp({ tool, outcome, seconds }: EndedLookUp): void {
    this.#count('millrace_look_ups_total', { tool, outcome });
    this.#observe('millrace_look_up_duration_seconds', { tool }, seconds * 1_000);
  }

  #onOutcome(stage: string, outcome: StageOutcome): void {
    this.#count('millrace_records_total', { stage, outcome: outcome.kind });
    const moves = !isShadowStage(stage);
    if (outcome.kind === 'dead-lettered' && moves) {
      this.#count('millrace_dead_letters_total', { stage, class: outcome.failure.kind });
      if (outcome.work !== undefined) this.#count('millrace_questions_ended_total', { end: 'dead_lettered' });
    }
    if (outcome.kind !== 'settled') return;
    const { result, finished, called } = outcome;
    if (moves && (result.kind === 'finish' || result.kind === 'hold'))
      this.#count('millrace_questions_ended_total', { end: result.status });
    const last = called ? callOfResult(finished) : undefined;
    if (last !== undefined) this.#onCall(stage, last, last.number > 1);
  }

  #onCall(stage: string, attempt: Attempt, again = false): void {
    const { model: named, outcome, code, durationMs } = attempt;
    const model = this.#modelOf(named);
    if (REFUSED_QUOTES.has(code)) this.#count('millrace_quotes_refused_total', { code });
    this.#count('millrace_calls_total', { stage, model, outcome });
    if (again) this.#count('millrace_retries_total', { stage });
    this.#observe('millrace_call_duration_seconds', { stage, outcome }, durationMs);
    this.#onPaid(stage, model, attempt);
  }

  /** What a look-up costs has no model. */
  #onPaid(stage: string, model: string, { usage, costUsd }: Pick<Attempt, 'usage' | 'costUsd'>): void {
    for (const kind of ['input', 'output', 'cached', 'reasoning'] as const)
      if (usage[kind] > 0) this.#count('millrace_tokens_total', { stage, model, kind }, usage[kind]);
    if (costUsd === null) this.#count('millrace_unpriced_calls_total', { stage, model });
    else if (costUsd > 0) this.#count('millrace_cost_usd_total', { stage, model }, costUsd);
  }

  #modelOf(named: string): string {
    if (this.#models.size < MOST_MODELS) this.#models.add(named);
    return this.#models.has(named) ? named : 'other';
  }

  #count(name: CounterName, labels: Readonly<Record<string, string>>, by = 1): void {
    this.#counters.get(name)?.inc({ ...labels }, by);
  }

  #observe(name: HistogramName, labels: Readonly<Record<string, string>>, durationMs: number): void {
    this.#histograms.get(name)?.observe({ ...labels }, durationMs / 1_000);
  }
}

type Facts = Readonly<{ name: string; help: string; labelNames: string[]; buckets?: readonly number[] }>;

function made<T>(
  specs: Readonly<Record<string, MetricSpec>>,
  make: (facts: Facts) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(specs).map(([name, { help, labels, buckets }]) => {
      const facts = { name, help, labelNames: [...labels] };
      return [name, make(buckets === undefined ? facts : { ...facts, buckets })];
    }),
  );
}
