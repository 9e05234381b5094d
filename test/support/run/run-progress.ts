import type { RunProgress } from '../../../src/features/run/progress/run-progress.ts';
import { type StageName, stageNames } from '../../../src/stages/stage-names.ts';
import type { StatusCounts } from '../../../src/stages/store/store.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { NO_USAGE } from '../failures.ts';

export const noCounts: StatusCounts = {
  pending: 0,
  questions_added: 0,
  researched: 0,
  generated: 0,
  reviewed: 0,
  approved: 0,
  rejected: 0,
  held: 0,
  dead_lettered: 0,
};

export function stageProgress(stage: StageName, overrides: Partial<RunProgress['stages'][number]> = {}) {
  return { stage, done: 0, inFlight: 0, failedAttempts: 0, deadLettered: 0, ...overrides };
}

/** A run of 200 questions at half of its way. */
export function runProgress(overrides: Partial<RunProgress> = {}): RunProgress {
  const usage = { ...NO_USAGE, input: 40_000, output: 21_200 };
  return {
    run: 'r1',
    simulated: false,
    questions: 200,
    open: 100,
    counts: { ...noCounts, pending: 100, approved: 90, rejected: 10 },
    stages: stageNames().map((stage) => stageProgress(stage, { done: 100 })),
    elapsedSeconds: 50,
    questionsPerSecond: 2,
    secondsLeft: 50,
    spent: { stages: new Map(), calls: 300, failedAttempts: 0, usage, costUsd: 0.0123, unpricedCalls: 0 },
    outages: [],
    ...overrides,
  };
}

export function outageOf(message: string): RunProgress['outages'][number] {
  const cause = new Failure('transient', 'server_error', message, { outageSignal: true });
  const state = { kind: 'open', cause, openings: 3, waitMs: 4_000 } as const;
  return { endpoint: 'https://llm.example/v1', state };
}
