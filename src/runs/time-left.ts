/** What is left to do at one stage. */
export type StageLoad = Readonly<{
  /** Questions that have not passed it, those that it is called for aside. */
  unstarted: number;
  /** How long the calls on their way have been out, in milliseconds. */
  agesMs: readonly number[];
  /** Calls that it makes at once. */
  capacity: number;
  /** Call time that one question takes there; `undefined` before the first answer. */
  eachMs: number | undefined;
}>;

/**
 * How long it takes until the last question has passed the last stage, in milliseconds; `undefined` before the first answer of any. Each
 * stage needs its call time shared by the calls that it makes at once, and its last question comes from the stage before it (a flow
 * shop: S. M. Johnson, 1954). A rate of ends alone knows nothing before the first question has passed all stages, and is too low for long after.
 */
export function timeLeftMs(stages: readonly StageLoad[]): number | undefined {
  const known = stages.flatMap(({ eachMs }) => eachMs ?? []);
  if (known.length === 0) return undefined;
  const usualMs = sumOf(known) / known.length;
  let endMs = 0;
  for (const stage of stages) {
    if (stage.unstarted + stage.agesMs.length === 0) continue;
    const eachMs = stage.eachMs ?? Math.max(usualMs, ...stage.agesMs);
    const fedMs = endMs === 0 || stage.unstarted === 0 ? 0 : endMs + eachMs;
    endMs = Math.max(endMs, fedMs, aloneMs(stage, eachMs));
  }
  return endMs;
}

/** Were all its questions there already: each goes to the call that ends first. */
function aloneMs({ unstarted, agesMs, capacity }: StageLoad, eachMs: number): number {
  const onTheirWay = agesMs.map((ageMs) => Math.max(0, eachMs - ageMs));
  const free = Math.max(agesMs.length === 0 ? 1 : 0, Math.floor(capacity) - agesMs.length);
  const slots = [...onTheirWay, ...Array.from({ length: free }, () => 0)].sort((a, b) => a - b);
  const rounds = Math.floor(unstarted / slots.length);
  const over = unstarted % slots.length;
  return Math.max(...slots.map((slotMs, index) => slotMs + eachMs * (rounds + (index < over ? 1 : 0))));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
