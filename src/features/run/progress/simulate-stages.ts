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
export function simulateStages(stages: readonly Playable[], random: () => number): number {
  let arriving = new Float64Array();
  for (const { waiting, agesMs, capacity, timesMs } of stages) {
    const onTheirWay = Float64Array.from(agesMs, (ageMs) => restOf(ageMs, timesMs, random)).sort();
    const free = Math.max(agesMs.length === 0 ? 1 : 0, Math.floor(capacity) - agesMs.length);
    const slots = new Float64Array(free + onTheirWay.length);
    slots.set(onTheirWay, free);
    const ends = new Float64Array(onTheirWay.length + waiting + arriving.length);
    ends.set(onTheirWay);
    for (let place = onTheirWay.length; place < ends.length; place += 1) {
      const atMs = arriving[place - onTheirWay.length - waiting] ?? 0;
      const endMs = Math.max(atMs, slots[0] ?? 0) + pick(timesMs, random);
      replaceFirst(slots, endMs);
      ends[place] = endMs;
    }
    arriving = ends.sort();
  }
  return arriving.at(-1) ?? 0;
}

/** What is left of a call that has been out so long: it takes one of the times that are longer. */
function restOf(ageMs: number, timesMs: readonly number[], random: () => number): number {
  let longer = 0;
  for (const timeMs of timesMs) if (timeMs > ageMs) longer += 1;
  // Longer than any before: as long again as half of a usual one.
  if (longer === 0) return pick(timesMs, random) / 2;
  let left = Math.floor(random() * longer);
  const taken = timesMs.find((timeMs) => {
    if (timeMs > ageMs) left -= 1;
    return left < 0;
  });
  return (taken ?? ageMs) - ageMs;
}

function pick(timesMs: readonly number[], random: () => number): number {
  return timesMs[Math.floor(random() * timesMs.length)] ?? 0;
}

/** Takes the first out of a binary heap, and puts a later one in. */
function replaceFirst(heap: Float64Array, value: number): void {
  let place = 0;
  for (let child = 1; child < heap.length; child = 2 * place + 1) {
    const right = heap[child + 1] ?? Number.POSITIVE_INFINITY;
    const first = Math.min(heap[child] ?? 0, right);
    if (first >= value) break;
    heap[place] = first;
    place = first === right ? child + 1 : child;
  }
  heap[place] = value;
}
