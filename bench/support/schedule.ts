/**
 * When the last of a row of questions leaves, if every stage has so many servers and serves first come, first served.
 * All questions wait at the first stage from 0 on, in their order. `delaysMs` holds one delay per stage for each
 * question.
 */
export function fcfsMakespanMs(delaysMs: readonly (readonly number[])[], servers: number): number {
  const stages = delaysMs[0]?.length ?? 0;
  let arrivals = delaysMs.map((delays) => ({ delays, atMs: 0 }));
  for (let stage = 0; stage < stages; stage += 1) {
    const freeAtMs = new Array<number>(servers).fill(0);
    arrivals = arrivals.map(({ delays, atMs }) => {
      const server = freeAtMs.indexOf(Math.min(...freeAtMs));
      const endMs = Math.max(atMs, freeAtMs[server] ?? 0) + (delays[stage] ?? 0);
      freeAtMs[server] = endMs;
      return { delays, atMs: endMs };
    });
    arrivals.sort((a, b) => a.atMs - b.atMs);
  }
  return arrivals.at(-1)?.atMs ?? 0;
}
