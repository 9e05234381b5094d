import { type AgentStage, agentStages, byAgent } from '../../../stages/stage-names.ts';
import { isEnd } from '../../../stages/status.ts';
import type { History, StoredWork } from '../../../stages/store/store.ts';
import type { Attempt } from '../../../streams/work/work.ts';
import { type ConfidenceInterval, shareRange, totalRange } from './interval.ts';

/** What one question took, by all its calls, failed ones included. */
export type QuestionFigures = Readonly<{
  status: string;
  tokens: number;
  /** `null` where the price of a model is not known. */
  costUsd: number | null;
  /** Milliseconds of calls, by stage. */
  callMs: Readonly<Record<AgentStage, number>>;
}>;

/** What a whole input would take, told from some of its questions. */
export type Forecast = Readonly<{
  /** Of the whole input, the same question counted as often as it comes. */
  questions: number;
  /** Questions that this rests on. */
  sampled: number;
  tokens: ConfidenceInterval;
  /** Absent where a price is not known. */
  costUsd?: ConfidenceInterval | undefined;
  seconds: ConfidenceInterval;
  /** Shares of the questions, from 0 to 1. */
  rejected: ConfidenceInterval;
  failed: ConfidenceInterval;
}>;

export type Concurrency = Readonly<Record<AgentStage, number>>;

/** The figures of a question in a lane, from what is stored of it; `undefined` if it has not ended. */
export function figuresOf({ status, works }: History): QuestionFigures | undefined {
  if (!isEnd(status)) return undefined;
  const attempts = works.flatMap((work) => work.attempts);
  const callMs = (stage: AgentStage) => sumOf(attemptsOf(works, stage), ({ durationMs }) => durationMs);
  return {
    status,
    tokens: sumOf(attempts, ({ usage }) => usage.input + usage.output),
    costUsd: totalOf(works.map(costOfWork)),
    callMs: byAgent(callMs),
  };
}

/**
 * Tokens and money are sums over the questions. Time is that of the slowest stage, whose calls share its concurrency, and
 * of one more question on its way through all stages.
 */
export function forecastOf(
  figures: readonly QuestionFigures[],
  population: number,
  concurrency: Concurrency,
): Forecast {
  const costs = figures.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  const priced = costs.length === figures.length;
  const withStatus = (status: string) => figures.filter((each) => each.status === status).length;
  return {
    questions: population,
    sampled: figures.length,
    tokens: totalRange(
      figures.map(({ tokens }) => tokens),
      population,
    ),
    ...(priced ? { costUsd: totalRange(costs, population) } : {}),
    seconds: secondsFor(figures, population, concurrency),
    rejected: shareRange(withStatus('rejected'), figures.length),
    failed: shareRange(withStatus('dead_lettered'), figures.length),
  };
}

function secondsFor(
  figures: readonly QuestionFigures[],
  population: number,
  concurrency: Concurrency,
): ConfidenceInterval {
  const byStage = agentStages().map((stage) =>
    totalRange(
      figures.map(({ callMs }) => (callMs[stage] ?? 0) / (concurrency[stage] ?? 1) / 1_000),
      population,
    ),
  );
  const slowest = byStage.reduce((a, b) => (b.expected > a.expected ? b : a));
  const whole = sumOf(figures, ({ callMs }) => sumOf(Object.values(callMs), (ms) => ms));
  const lead = figures.length === 0 ? 0 : whole / figures.length / 1_000;
  const later = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds + lead);
  return { expected: slowest.expected + lead, low: later(slowest.low), high: later(slowest.high) };
}

/** All its calls and, of a work that went step by step, its look-ups, which are no calls. */
function costOfWork({ attempts, costUsd }: StoredWork): number | null {
  const called = totalOf(attempts.map((attempt) => attempt.costUsd));
  return called === null ? null : Math.max(called, costUsd ?? 0);
}

function totalOf(costs: readonly (number | null)[]): number | null {
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
}

function attemptsOf(works: readonly StoredWork[], stage: AgentStage): readonly Attempt[] {
  return works.filter((work) => work.stage === stage).flatMap(({ attempts }) => attempts);
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
