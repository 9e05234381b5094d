import type { Offset } from '../../../../streams/log/log.ts';

/** The first offset that a partition still holds, and the one after its last. */
export type HeldPartition = Readonly<{ low: Offset; high: Offset }>;

/** What one look at a consumer brought. */
export type Sighting = Readonly<{
  /** Fetches that came back so far, empty ones too. */
  fetches: number;
  /** Where reading stands in the partitions that more is wanted of; `undefined` before the first batch. */
  positions: ReadonlyMap<number, Offset | undefined>;
  /** What the topic holds and what the group has committed; `undefined` while no broker answers. */
  brokers:
    | Readonly<{ held: ReadonlyMap<number, HeldPartition>; committed: ReadonlyMap<number, Offset> }>
    | undefined;
}>;

export type Stall =
  /** The loop of the client does not turn at all. */
  | Readonly<{ kind: 'silent' }>
  /** It turns, and brings nothing of what is there. */
  | Readonly<{ kind: 'starved'; partitions: readonly number[]; lag: Offset }>;

/**
 * Decides from looks alone whether a consumer hangs: for `stallMs` and in every look the brokers answered, and either no
 * fetch came back, or the same partitions had records beyond a position that did not move. A broker that is away, a
 * pause for want of credits and an empty topic are no stalls. Time is the caller's, monotonic.
 */
export class StallWatch {
  readonly #stallMs: number;
  #fetches = -1;
  #silentSinceMs: number | undefined;
  readonly #starved = new Map<number, Readonly<{ position: Offset; sinceMs: number }>>();

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  look({ fetches, positions, brokers }: Sighting, nowMs: number): Stall | undefined {
    if (brokers === undefined) {
      this.reset();
      return undefined;
    }
    if (fetches !== this.#fetches) this.#silentSinceMs = nowMs;
    this.#fetches = fetches;
    this.#silentSinceMs ??= nowMs;
    if (nowMs - this.#silentSinceMs >= this.#stallMs) return { kind: 'silent' };
    return this.#starvedFor(positions, brokers, nowMs);
  }

  /** Begins anew: another member reads now, or nothing can be said. */
  reset(): void {
    this.#fetches = -1;
    this.#silentSinceMs = undefined;
    this.#starved.clear();
  }

  #starvedFor(
    positions: Sighting['positions'],
    { held, committed }: NonNullable<Sighting['brokers']>,
    nowMs: number,
  ): Stall | undefined {
    const late: number[] = [];
    let lag = 0n;
    for (const partition of this.#starved.keys())
      if (!positions.has(partition)) this.#starved.delete(partition);
    for (const [partition, read] of positions) {
      const { low, high } = held.get(partition) ?? { low: 0n, high: 0n };
      const stands = read ?? committed.get(partition) ?? low;
      const position = stands < low ? low : stands;
      const left = high - position;
      const known = this.#starved.get(partition);
      if (left <= 0n) this.#starved.delete(partition);
      else if (known?.position !== position) this.#starved.set(partition, { position, sinceMs: nowMs });
      else if (nowMs - known.sinceMs >= this.#stallMs) {
        late.push(partition);
        lag += left;
      }
    }
    return late.length === 0 ? undefined : { kind: 'starved', partitions: late, lag };
  }
}
