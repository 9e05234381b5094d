import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeLeftMs } from '../../src/runs/time-left.ts';

type Guess = Readonly<{ doneShare: number; atMs: number; leftMs: number | undefined }>;
type Plan = Readonly<{ questions: number; batch: number; latency: (stage: number) => number }>;

/** Three stages in virtual time, one after the other for each question, each with so many calls at once. */
function play({ questions, batch, latency }: Plan): Readonly<{ endMs: number; guesses: readonly Guess[] }> {
  const stages = [0, 1, 2].map((index) => ({
    index,
    queue: index === 0 ? questions : 0,
    started: 0,
    calls: [] as { startMs: number; endMs: number }[],
    done: 0,
    timesMs: [] as number[],
  }));
  const guesses: Guess[] = [];
  let nowMs = 0;
  const last = stages[2];
  while (last !== undefined && last.done < questions) {
    for (const stage of stages)
      while (stage.queue > 0 && stage.calls.length < batch) {
        stage.queue -= 1;
        stage.started += 1;
        stage.calls.push({ startMs: nowMs, endMs: nowMs + latency(stage.index) });
      }
    const leftMs = timeLeftMs(
      stages.map(({ started, calls, timesMs }) => ({
        unstarted: questions - started,
        agesMs: calls.map(({ startMs }) => nowMs - startMs),
        capacity: batch,
        timesMs: timesMs.slice(-200),
      })),
    );
    const doneShare = last.done / questions;
    guesses.push({ doneShare, atMs: nowMs, leftMs });
    nowMs = Math.min(...stages.flatMap(({ calls }) => calls.map(({ endMs }) => endMs)));
    for (const stage of stages) {
      const ended = stage.calls.filter(({ endMs }) => endMs <= nowMs);
      stage.calls = stage.calls.filter(({ endMs }) => endMs > nowMs);
      stage.done += ended.length;
      stage.timesMs.push(...ended.map(({ startMs, endMs }) => endMs - startMs));
      const next = stages[stage.index + 1];
      if (next !== undefined) next.queue += ended.length;
    }
  }
  return { endMs: nowMs, guesses };
}

function worstError(plan: Plan, from: number, to: number): number {
  const { endMs, guesses } = play(plan);
  const errors = guesses
    .filter(({ doneShare }) => doneShare >= from && doneShare < to)
    .map(({ atMs, leftMs }) => Math.abs((leftMs ?? 0) - (endMs - atMs)) / (endMs - atMs));
  return Math.max(0, ...errors);
}

/** A seeded generator of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the time that is left', () => {
  it('is right within 30 % from the first tenth on where every call of a stage takes the same', () => {
    const plans = fc.record({
      questions: fc.integer({ min: 50, max: 200 }),
      batch: fc.integer({ min: 1, max: 20 }),
      latencies: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 50, max: 5_000 }))),
    });
    fc.assert(
      fc.property(plans, ({ questions, batch, latencies }) => {
        const latency = (stage: number) => latencies[stage] ?? 1;
        expect(worstError({ questions, batch, latency }, 0.1, 1)).toBeLessThan(0.3);
      }),
      { numRuns: 25 },
    );
  });

  it('is right within 50 % from the first tenth to the last fifth where calls take log-normal times', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        const latency = () => 1_000 * Math.exp(0.5 * normal());
        expect(worstError({ questions: 300, batch: 10, latency }, 0.1, 0.8)).toBeLessThan(0.5);
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  it('is not known before the first answer', () => {
    expect(timeLeftMs([{ unstarted: 3, agesMs: [100], capacity: 1, timesMs: [] }])).toBeUndefined();
  });
});
