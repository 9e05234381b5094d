import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetTracker } from '../../../src/streams/delivery/offset-tracker.ts';
import type { Offset } from '../../../src/streams/log/log.ts';

type Command =
  | Readonly<{ do: 'deliver'; skip: number }>
  | Readonly<{ do: 'redeliver' | 'settle' | 'settle-unknown'; at: number }>
  | Readonly<{ do: 'commit' }>;

const at = fc.nat({ max: 1_000 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), skip: fc.nat({ max: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), at }) },
  fc.record({ do: fc.constantFrom('redeliver' as const, 'settle-unknown' as const), at }),
  fc.record({ do: fc.constant('commit' as const) }),
);
const base = fc.bigInt({ min: 0n, max: 2n ** 62n });

/** The same by brute force: a list of what was delivered, walked from its start for every question. */
class NaiveTracker {
  readonly base: Offset;
  readonly delivered: { offset: Offset; settled: boolean }[] = [];
  committed: Offset;

  constructor(from: Offset) {
    this.base = from;
    this.committed = from;
  }

  get highest(): Offset {
    return this.delivered.at(-1)?.offset ?? this.base - 1n;
  }

  get watermark(): Offset {
    let mark = this.base;
    for (const { offset, settled } of this.delivered) {
      if (!settled) return mark;
      mark = offset + 1n;
    }
    return mark;
  }

  get unsettled(): number {
    return this.delivered.filter(({ settled }) => !settled).length;
  }

  pick(index: number) {
    return this.delivered[index % Math.max(1, this.delivered.length)];
  }
}

function apply(one: Command, tracker: OffsetTracker, naive: NaiveTracker): void {
  switch (one.do) {
    case 'deliver': {
      const offset = naive.highest + 1n + BigInt(one.skip);
      expect(tracker.deliver(offset)).toBe(true);
      naive.delivered.push({ offset, settled: false });
      return;
    }
    case 'redeliver': {
      const known = naive.pick(one.at);
      if (known !== undefined) expect(tracker.deliver(known.offset)).toBe(false);
      return;
    }
    case 'settle': {
      const known = naive.pick(one.at);
      if (known === undefined) return;
      known.settled = true;
      tracker.settle(known.offset);
      return;
    }
    case 'settle-unknown':
      tracker.settle(naive.highest + 1n + BigInt(one.at));
      tracker.settle(naive.base - 1n - BigInt(one.at));
      return;
    case 'commit':
      naive.committed = naive.watermark;
      tracker.onCommitted(tracker.watermark);
      return;
    default:
      one satisfies never;
  }
}

describe('an offset tracker', () => {
  it('agrees with a naive model over any history', () => {
    fc.assert(
      fc.property(base, fc.array(command, { maxLength: 60 }), (from, commands) => {
        const tracker = new OffsetTracker(from);
        const naive = new NaiveTracker(from);
        let last = tracker.watermark;
        for (const one of commands) {
          apply(one, tracker, naive);
          expect(tracker.watermark).toBe(naive.watermark);
          expect(tracker.watermark).toBeGreaterThanOrEqual(last);
          expect(tracker.unsettled).toBe(naive.unsettled);
          expect(tracker.gap).toBe(Number(naive.highest + 1n - naive.watermark));
          expect(tracker.uncommitted).toBe(naive.watermark > naive.committed ? naive.watermark : undefined);
          last = tracker.watermark;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never lets the watermark pass an unsettled offset, whatever the order of settling', () => {
    const offsets = fc.uniqueArray(fc.bigInt({ min: 0n, max: 500n }), { minLength: 1, maxLength: 80 });
    const history = offsets.chain((some) =>
      fc.tuple(
        fc.constant(some.toSorted((a, b) => (a < b ? -1 : 1))),
        fc.shuffledSubarray(some, { minLength: some.length }),
      ),
    );
    fc.assert(
      fc.property(history, ([delivered, order]) => {
        const tracker = new OffsetTracker(0n);
        for (const offset of delivered) tracker.deliver(offset);
        const open = new Set(delivered);
        for (const offset of order) {
          tracker.settle(offset);
          tracker.settle(offset);
          open.delete(offset);
          for (const unsettled of open) expect(tracker.watermark).toBeLessThanOrEqual(unsettled);
        }
        expect(tracker.watermark).toBe((delivered.at(-1) ?? 0n) + 1n);
        expect([tracker.unsettled, tracker.gap]).toEqual([0, 0]);
      }),
    );
  });

  it('has nothing to commit before it advances, and nothing again once that is committed', () => {
    const tracker = new OffsetTracker(7n);
    expect(tracker.uncommitted).toBeUndefined();
    tracker.deliver(7n);
    tracker.deliver(8n);
    tracker.settle(8n);
    expect(tracker.uncommitted).toBeUndefined();
    tracker.settle(7n);
    expect(tracker.uncommitted).toBe(9n);
    tracker.onCommitted(9n);
    expect(tracker.uncommitted).toBeUndefined();
  });

  it('does not take an older commit for a newer one', () => {
    const tracker = new OffsetTracker(0n);
    for (const offset of [0n, 1n]) {
      tracker.deliver(offset);
      tracker.settle(offset);
    }
    tracker.onCommitted(2n);
    tracker.onCommitted(1n);
    expect(tracker.uncommitted).toBeUndefined();
  });

  it('keeps its counts over tens of thousands of offsets', () => {
    const tracker = new OffsetTracker(0n);
    for (let offset = 0n; offset < 20_000n; offset += 1n) {
      tracker.deliver(offset);
      if (offset >= 50n) tracker.settle(offset - 50n);
    }
    expect(tracker.watermark).toBe(19_950n);
    expect([tracker.unsettled, tracker.gap]).toEqual([50, 50]);
  });
});
