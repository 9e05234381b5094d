import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readShadow, readShadows } from '../../../src/features/judges/read-shadows.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import type { Progress, StageTally } from '../../../src/stages/store/store.ts';
import type { LaneName } from '../../../src/streams/work/work.ts';
import { fakeShadows, shadowLane, shadowVerdict } from '../../support/fakes/fake-shadow-book.ts';
import { laneOf } from '../../support/stage/stage-fixtures.ts';

const usage = { input: 900, output: 100, cached: 0, reasoning: 0 };
const tally: StageTally = { done: 0, dead: 0, failedAttempts: 0, usage, costUsd: 0, unpricedCalls: 0 };
const tallies: Readonly<Record<string, Partial<StageTally>>> = {
  main: { done: 100, costUsd: 2 },
  'shadow-strict': { done: 4, dead: 3, costUsd: 0.02 },
  'shadow-local': { done: 5, unpricedCalls: 5 },
};
const lanes = [laneOf(), shadowLane('strict'), shadowLane('local'), shadowLane('new')];

function ports() {
  const asked: LaneName[] = [];
  const counts = {
    ...{ pending: 0, questions_added: 0, researched: 0, generated: 0, reviewed: 0, held: 0 },
    ...{ approved: 0, rejected: 0, dead_lettered: 0 },
  };
  const progress = async (lane: LaneName): Promise<Progress> => {
    asked.push(lane);
    const stages = { research: tally, generation: tally, review: { ...tally, ...tallies[lane] } };
    return { questions: counts, stages, endedLastMinute: 0 };
  };
  const days = ['2026-01-30', '2026-02-27', '2026-03-01', '2026-03-01'];
  const verdicts = days.map((day, index) =>
    shadowVerdict({
      at: `${day}T08:00:00.000Z`,
      revision: index,
      ...(index === 0 ? { verdict: 'approved' } : {}),
    }),
  );
  const store = {
    lanes: {
      get: async (name: LaneName) => lanes.find((lane) => lane.name === name),
      put: async () => undefined,
    },
    reports: { progress },
    shadows: fakeShadows(lanes, verdicts),
  };
  const offsets = async () => new Map([[0, 0n]]);
  const log = { beginningOffsets: offsets, committedOffsets: offsets };
  return { ports: { store, log, namespace: 'n' }, asked };
}

describe('the reports of shadow judges', () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-03-01T23:00:00.000Z') }));
  afterEach(() => void vi.useRealTimers());

  it('have recipe, agreement, failures, lag and both costs of each', async () => {
    const [strict] = await readShadows(ports().ports);
    expect(strict).toMatchObject({
      ...{ name: 'strict', lane: 'main', minScore: 8, failed: 3, lag: 0 },
      recipe: recipeHash(shadowLane('strict').recipes.review),
      ...{ judged: 4, both: 1, liveOnly: 3, agreement: 0.25, kappa: 0, scoreDifference: -3 },
      cost: {
        shadow: { model: 'strict-model', works: 4, costUsd: 0.02, costPer1000Usd: 5, tokens: 1_000 },
        live: { model: 'fake', works: 100, costUsd: 2, costPer1000Usd: 20 },
      },
      sided: { withLive: 1, withShadow: 2 },
    });
  });

  it('call nothing free whose price is not known, or that judged nothing', async () => {
    const [, local, fresh] = await readShadows(ports().ports);
    expect(local?.cost.shadow).toMatchObject({ costPer1000Usd: null, unpricedCalls: 5 });
    expect(fresh).toMatchObject({ judged: 0, agreement: null, kappa: null, scoreDifference: null });
    expect(fresh?.cost.shadow.costPer1000Usd).toBeNull();
  });

  it('read what the live judge cost once, however many shadows it has', async () => {
    const { ports: given, asked } = ports();
    await readShadows(given);
    expect(asked.filter((lane) => lane === 'main')).toEqual(['main']);
  });

  it('tell of one over all it judged, and by day of the last days', async () => {
    const report = await readShadow(ports().ports, 'strict', 30);
    expect(report?.judged).toBe(4);
    expect(report?.byDay.map(({ day, judged }) => [day, judged])).toEqual([
      ['2026-02-27', 1],
      ['2026-03-01', 2],
    ]);
    expect((await readShadow(ports().ports, 'strict', 1))?.byDay).toHaveLength(1);
  });

  it('know nothing of a name that no shadow has', async () => {
    expect(await readShadow(ports().ports, 'main', 30)).toBeUndefined();
  });
});
