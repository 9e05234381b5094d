import { describe, expect, it } from 'vitest';
import { FlowSamples } from '../../../src/features/flow/flow-samples.ts';
import type { Flow, StageFlow } from '../../../src/features/flow/http/schemas.ts';
import { stageNames } from '../../../src/stages/stage-names.ts';

const NONE = { questions: 0, research: 0, generation: 0, review: 0, storage: 0 };

describe('the samples of a stream', () => {
  it('make a rate of what was done in the last minute', () => {
    const samples = new FlowSamples();
    for (let at = 0; at <= 120; at += 10) samples.add(at, flowOf(at * 2));
    expect(samples.rates(120, { ...NONE, research: 240 }).research).toBe(120);
  });

  it('do not make much of the first seconds', () => {
    const samples = new FlowSamples();
    samples.add(0, flowOf(0));
    expect(samples.rates(2, { ...NONE, research: 10 }).research).toBe(10);
  });

  it('keep an hour and no more, and tell what each step did', () => {
    const samples = new FlowSamples();
    for (let at = 0; at <= 7_200; at += 10) samples.add(at, flowOf(at * 3));
    const { points, stepSeconds } = samples.history(60);
    expect(stepSeconds).toBe(10);
    expect(points).toHaveLength(360);
    expect(new Set(points.map(({ done }) => done.research))).toEqual(new Set([30]));
    expect(samples.history(5).points).toHaveLength(30);
  });

  it('show nothing below zero when a lane is emptied', () => {
    const samples = new FlowSamples();
    samples.add(0, flowOf(100));
    samples.add(10, flowOf(5));
    expect(samples.history(60).points[0]?.done.research).toBe(0);
  });
});

function flowOf(done: number): Flow {
  const stages = stageNames().map(
    (stage): StageFlow => ({
      ...{
        stage,
        status: null,
        waiting: 0,
        inFlight: 0,
        done,
        failed: 0,
        failedAttempts: 0,
        ratePerMinute: 0,
        workers: 1,
      },
      ...{ partitions: 1, lag: null },
      ...{ limit: null, circuit: null, circuitCause: null, tokens: 0, costUsd: 0 },
      ...{ paused: false, p50Ms: null, p95Ms: null },
    }),
  );
  return {
    ...{
      at: '',
      namespace: 'test',
      lane: 'main',
      simulated: false,
      stages,
      endedPerMinute: 0,
      etaSeconds: null,
      approvalP50Ms: null,
      approvalP95Ms: null,
    },
    questions: { open: 0, approved: 0, rejected: 0, held: 0, deadLettered: 0 },
    onDesk: 0,
    ...{ tokens: done, costUsd: 0, unpricedCalls: 0, alarms: [] },
  };
}
