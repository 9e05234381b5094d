import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeLeftMs } from '../../../../src/features/run/progress/time-left.ts';
import { logNormal, seededRandom } from '../../../../src/infra/models/random.ts';

const MEAN_MS = 1_000;

type Guess = Readonly<{ atMs: number; leftMs: number | undefined }>;
/** At so many of the ends of calls it is asked: at the first, the eighth and so on. */
const ASKED = 7;
type Plan = Readonly<{ questions: number; batch: number; latency: (stage: number) => number }>;

/** Three stages in virtual time, one after the other for each question, each with so many calls at once; asked from the first tenth on. */
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
  let events = 0;
  const last = stages[2];
  while (last !== undefined && last.done < questions) {
    for (const stage of stages)
      while (stage.queue > 0 && stage.calls.length < batch) {
        stage.queue -= 1;
        stage.started += 1;
        stage.calls.push({ startMs: nowMs, endMs: nowMs + latency(stage.index) });
      }
    const loads = stages.map(({ started, calls, timesMs }) => ({
      unstarted: questions - started,
      agesMs: calls.map(({ startMs }) => nowMs - startMs),
      capacity: batch,
      timesMs: timesMs.slice(-200),
    }));
    events += 1;
    if (last.done >= questions / 10 && events % ASKED === 0)
      guesses.push({ atMs: nowMs, leftMs: timeLeftMs(loads) });
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

/** What was told, and what it really was. */
function guessesOf(plan: Plan) {
  const { endMs, guesses } = play(plan);
  return guesses.map(({ atMs, leftMs }) => ({ leftMs, reallyMs: endMs - atMs }));
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
        for (const { leftMs = 0, reallyMs } of guessesOf({ questions, batch, latency }))
          expect(Math.abs(leftMs - reallyMs) / reallyMs).toBeLessThan(0.3);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [300, 10],
    [60, 10],
  ])(
    'is right within 50 % from the first tenth on, and at the end within three calls, where %i questions take log-normal times, %i at once',
    (questions, batch) => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const random = seededRandom(seed);
        const latency = () => logNormal(MEAN_MS, 0.5, random);
        for (const { leftMs = 0, reallyMs } of guessesOf({ questions, batch, latency })) {
          const wrongMs = Math.abs(leftMs - reallyMs);
          if (wrongMs > 3 * MEAN_MS) expect(wrongMs / reallyMs, `seed ${seed}`).toBeLessThan(0.5);
        }
      }
    },
  );

  it('is that of the slowest call on its way at the end, and not of a usual one', () => {
    const timesMs = [1_000, 1_000, 1_000, 1_000, 9_000];
    const load = (calls: number) => ({ unstarted: 0, agesMs: Array(calls).fill(0), capacity: 50, timesMs });
    expect(timeLeftMs([load(50)])).toBe(9_000);
    expect(timeLeftMs([{ ...load(1), agesMs: [1_500] }])).toBe(7_500);
  });

  it('takes no longer to tell of a million questions than of a thousand', () => {
    const timesMs = [900, 1_000, 1_100];
    const first = { unstarted: 1_000_000, agesMs: [], capacity: 10, timesMs };
    const leftMs = timeLeftMs([first, first, first]) ?? 0;
    expect(Math.abs(leftMs / 100_000_000 - 1)).toBeLessThan(0.05);
  });

  it('is not known before the first answer', () => {
    expect(timeLeftMs([{ unstarted: 3, agesMs: [100], capacity: 1, timesMs: [] }])).toBeUndefined();
  });
});
