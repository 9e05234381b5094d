import { describe, expect, it } from 'vitest';
import { type Sighting, StallWatch } from '../../../../../src/infra/engines/kafka/consumer/stall-watch.ts';

const STALL_MS = 100;

const brokers = (high: bigint, { low = 0n, committed }: { low?: bigint; committed?: bigint } = {}) => ({
  held: new Map([[0, { low, high }]]),
  committed: new Map(committed === undefined ? [] : [[0, committed] as const]),
});

const at = (position: bigint | undefined): Sighting['positions'] => new Map([[0, position]]);

describe('a stall watch', () => {
  it('calls a client silent that fetched nothing for the whole time, records or none', () => {
    const watch = new StallWatch(STALL_MS);
    const idle = { fetches: 3, positions: new Map(), brokers: brokers(0n) };
    expect(watch.look(idle, 0)).toBeUndefined();
    expect(watch.look(idle, 99)).toBeUndefined();
    expect(watch.look(idle, 100)).toEqual({ kind: 'silent' });
  });

  it('calls a partition starved that has records and does not move, and says how many', () => {
    const watch = new StallWatch(STALL_MS);
    const look = (fetches: number, nowMs: number) =>
      watch.look({ fetches, positions: at(4n), brokers: brokers(10n) }, nowMs);
    expect(look(1, 0)).toBeUndefined();
    expect(look(2, 60)).toBeUndefined();
    expect(look(3, 100)).toEqual({ kind: 'starved', partitions: [0], lag: 6n });
  });

  it('counts from the last move', () => {
    const watch = new StallWatch(STALL_MS);
    const look = (fetches: number, position: bigint, nowMs: number) =>
      watch.look({ fetches, positions: at(position), brokers: brokers(10n) }, nowMs);
    look(1, 4n, 0);
    expect(look(2, 5n, 99)).toBeUndefined();
    expect(look(3, 5n, 198)).toBeUndefined();
    expect(look(4, 5n, 199)?.kind).toBe('starved');
  });

  it('takes what is committed for the position before the first batch', () => {
    const watch = new StallWatch(STALL_MS);
    const look = (fetches: number, nowMs: number, committed: bigint) =>
      watch.look({ fetches, positions: at(undefined), brokers: brokers(10n, { committed }) }, nowMs);
    look(1, 0, 10n);
    expect(look(2, 100, 10n)).toBeUndefined();
    look(3, 101, 9n);
    expect(look(4, 201, 9n)?.kind).toBe('starved');
  });

  it('sees nothing to read in a partition whose records were all deleted', () => {
    const watch = new StallWatch(STALL_MS);
    const look = (fetches: number, nowMs: number) =>
      watch.look(
        { fetches, positions: at(undefined), brokers: brokers(10n, { low: 10n, committed: 3n }) },
        nowMs,
      );
    look(1, 0);
    expect(look(2, 1_000)).toBeUndefined();
  });

  it('blames no consumer while the brokers are away, and begins anew afterwards', () => {
    const watch = new StallWatch(STALL_MS);
    const positions = at(0n);
    watch.look({ fetches: 1, positions, brokers: brokers(10n) }, 0);
    expect(watch.look({ fetches: 1, positions, brokers: undefined }, 500)).toBeUndefined();
    expect(watch.look({ fetches: 1, positions, brokers: brokers(10n) }, 599)).toBeUndefined();
    expect(watch.look({ fetches: 1, positions, brokers: brokers(10n) }, 698)).toBeUndefined();
    expect(watch.look({ fetches: 1, positions, brokers: brokers(10n) }, 699)).toEqual({ kind: 'silent' });
  });

  it('blames nobody for a partition that more is not wanted of', () => {
    const watch = new StallWatch(STALL_MS);
    const look = (fetches: number, wanted: boolean, nowMs: number) =>
      watch.look({ fetches, positions: wanted ? at(0n) : new Map(), brokers: brokers(10n) }, nowMs);
    look(1, true, 0);
    look(2, false, 50);
    expect(look(3, true, 100)).toBeUndefined();
    expect(look(4, true, 200)?.kind).toBe('starved');
  });
});
