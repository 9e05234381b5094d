/** What one stage has to do, and how long its calls have taken. */
export type Playable = Readonly<{
  /** Questions that wait for it now. */
  waiting: number;
  /** How long the calls on their way have been out, in milliseconds. */
  agesMs: readonly number[];
  /** Calls that it makes at once. */
  capacity: number;
  /** Times of calls, of which each is as likely as another; at least one. */
  timesMs: readonly number[];
}>;

/**
 * One way that the rest may go, stage after stage: each question goes to the call that ends first, takes one of the known times, and
 * then waits for the next stage. Gives back when the last one ends, in milliseconds from now.
 * @param random numbers from 0 to 1.
 */
export function playOut(stages: readonly Playable[], random: () => number): number {
  let arriving: number[] = [];
  for (const { waiting, agesMs, capacity, timesMs } of stages) {
    const onTheirWay = agesMs.map((ageMs) => restOf(ageMs, timesMs, random));
    const free = Math.max(agesMs.length === 0 ? 1 : 0, Math.floor(capacity) - agesMs.length);
    const slots = [...zeros(free), ...onTheirWay.toSorted((a, b) => a - b)];
    const queue = [...zeros(waiting), ...arriving];
    const ends = queue.map((atMs) => {
      const endMs = Math.max(atMs, slots.shift() ?? 0) + pick(timesMs, random);
      slots.splice(placeOf(endMs, slots), 0, endMs);
      return endMs;
    });
    arriving = [...onTheirWay, ...ends].sort((a, b) => a - b);
  }
  return arriving.at(-1) ?? 0;
}

/** What is left of a call that has been out so long: it takes one of the times that are longer. */
function restOf(ageMs: number, timesMs: readonly number[], random: () => number): number {
  const longer = timesMs.filter((timeMs) => timeMs > ageMs);
  // Longer than any before: as long again as half of a usual one.
  return longer.length === 0 ? pick(timesMs, random) / 2 : pick(longer, random) - ageMs;
}

function pick(timesMs: readonly number[], random: () => number): number {
  return timesMs[Math.floor(random() * timesMs.length)] ?? 0;
}

/** Where a time belongs among sorted ones. */
function placeOf(timeMs: number, sorted: readonly number[]): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) < timeMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
