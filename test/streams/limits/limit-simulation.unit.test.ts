import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { window } from '../../support/fakes/simulated-server.ts';
import { type Simulation, simulate, type Tally } from '../../support/stage/limit-simulation.ts';

const LIMIT = 600;
const MINUTE_MS = 60_000;
const SEEDS = [1, 2, 3, 4, 5];
const FOUR = [{}, {}, {}, {}];

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function figures({ accepted, refused }: Tally, fromMinute: number) {
  const later = accepted.map((row) => sum(row.slice(fromMinute)));
  const minutes = (accepted[0]?.length ?? 0) - fromMinute;
  const rejected = sum(refused.flat()) / (sum(refused.flat()) + sum(accepted.flat()));
  return {
    used: sum(later) / (LIMIT * minutes),
    shares: later.map((count) => count / sum(later)),
    rejected,
  };
}

type Given = Partial<Simulation> & Readonly<{ headers?: boolean; refusalMs?: number }>;

function simulation({ headers = true, refusalMs = 20, ...overrides }: Given): Simulation {
  const latencyMs = [1_000, 1_000, 1_000] as const;
  const server = () => window(() => LIMIT, { headers, refusalMs });
  return { seed: 1, processes: FOUR, durationMs: 3 * MINUTE_MS, server, latencyMs, ...overrides };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('four processes at 600 requests in any 60 s', () => {
  it.each(SEEDS.flatMap((seed) => [true, false].map((headers) => ({ seed, headers }))))(
    'use nine tenths of it after the first minute, none less than half its share, hardly a call refused: %j',
    async (given) => {
      const { used, shares, rejected } = figures(await simulate(simulation(given)), 1);
      expect(used).toBeGreaterThanOrEqual(0.9);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5 / 4);
      expect(rejected).toBeLessThan(0.02);
    },
  );

  it.each([true, false])('do so with calls of 7.5, 5 and 3.5 s as well; headers: %s', async (headers) => {
    const given = { headers, latencyMs: [7_500, 5_000, 3_500] as const };
    const { used, shares, rejected } = figures(await simulate(simulation(given)), 1);
    expect(used).toBeGreaterThanOrEqual(0.9);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5 / 4);
    expect(rejected).toBeLessThan(0.02);
  });
});

describe('four processes that start one after the other on a busy machine', () => {
  it.each([true, false])('come to the same; headers: %s', async (headers) => {
    const processes = [{}, { joinsMs: 1_000 }, { joinsMs: 2_500 }, { joinsMs: 4_000 }];
    const tally = await simulate(simulation({ headers, processes, refusalMs: 200 }));
    const { used, shares } = figures(tally, 1);
    expect(used).toBeGreaterThanOrEqual(0.9);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5 / 4);
  });
});

describe('one process alone', () => {
  it.each([true, false])('uses nine tenths of the limit; headers: %s', async (headers) => {
    const { used } = figures(await simulate(simulation({ headers, processes: [{}] })), 1);
    expect(used).toBeGreaterThanOrEqual(0.9);
  });
});

describe('processes that come and go', () => {
  it.each([
    { headers: true, least: 0.9, from: 3 },
    { headers: false, least: 0.6, from: 4 },
  ])('share with one that joins: %j', async ({ headers, least, from }) => {
    const processes = [{}, {}, {}, { joinsMs: 1.5 * MINUTE_MS }];
    const tally = await simulate(simulation({ headers, processes, durationMs: 7 * MINUTE_MS }));
    const { used, shares } = figures(tally, from);
    expect(used).toBeGreaterThanOrEqual(least);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5 / 4);
  });

  it.each([true, false])('take over what one leaves; headers: %s', async (headers) => {
    const processes = [{}, {}, {}, { leavesMs: 1.5 * MINUTE_MS }];
    const tally = await simulate(simulation({ headers, processes, durationMs: 5 * MINUTE_MS }));
    const { used, shares } = figures(tally, 3);
    expect(used).toBeGreaterThanOrEqual(0.85);
    expect(Math.min(...shares.slice(0, 3))).toBeGreaterThanOrEqual(0.5 / 3);
  });
});
