import { seededRandom } from '../../../infra/models/random.ts';
import { type Playable, simulateStages } from './simulate-stages.ts';

export type StageBacklog = Readonly<{
  /** Questions that have not passed it, those that it is called for aside. */
  unstarted: number;
  /** How long the calls on their way have been out, in milliseconds. */
  agesMs: readonly number[];
  /** Calls that it makes at once. */
  capacity: number;
  /** What questions have taken there, the last of them; empty before the first answer. */
  timesMs: readonly number[];
}>;

/** So often the rest is played out: the middle of the ends is told. */
const PLAYS = 9;
/** Questions of a queue that are played, for each call at once: before them it is worked off at a steady rate. */
const PLAYED_PER_CALL = 5;

/**
 * How long it takes until the last question has passed the last stage, in milliseconds; `undefined` before the first answer of any. The
 * last questions are played out with the times that calls have taken: at the end a run waits for the slowest of the calls on their way,
 * which no mean tells. What is queued before them takes its call time, shared by the calls that a stage makes at once.
 */
export function timeLeftMs(loads: readonly StageBacklog[]): number | undefined {
  const known = loads.flatMap(({ timesMs }) => (timesMs.length === 0 ? [] : [meanOf(timesMs)]));
  if (known.length === 0) return undefined;
  const whole = playableOf(loads, meanOf(known));
  const last = whole.map((stage) => ({
    ...stage,
    waiting: Math.min(stage.waiting, PLAYED_PER_CALL * stage.capacity),
  }));
  const random = seededRandom(1);
  const ends = Array.from({ length: PLAYS }, () => simulateStages(last, random)).sort((a, b) => a - b);
  const played = ends[Math.floor(PLAYS / 2)] ?? 0;
  return Math.max(0, played + steadyMs(whole) - steadyMs(last));
}

function playableOf(loads: readonly StageBacklog[], usualMs: number): readonly Playable[] {
  let before = 0;
  return loads.map(({ unstarted, agesMs, capacity, timesMs }) => {
    const waiting = Math.max(0, unstarted - before);
    before = unstarted + agesMs.length;
    const times = timesMs.length > 0 ? timesMs : [Math.max(usualMs, ...agesMs)];
    return { waiting, agesMs, capacity, timesMs: times };
  });
}

/** Of the stage that takes longest, as if it never waited for another. */
function steadyMs(stages: readonly Playable[]): number {
  let questions = 0;
  let longestMs = 0;
  for (const { waiting, agesMs, capacity, timesMs } of stages) {
    questions += waiting;
    longestMs = Math.max(longestMs, (questions * meanOf(timesMs)) / Math.max(1, Math.floor(capacity)));
    questions += agesMs.length;
  }
  return longestMs;
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
