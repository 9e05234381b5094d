import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinOffsets, recordsIn } from '../../../src/features/replay/pin-offsets.ts';
import { parsePosition } from '../../../src/features/replay/position.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { recordsAt } from '../../support/stage/records.ts';

/** Partition 0 holds offsets 5 to 9, partition 1 holds 0 to 2, partition 2 is empty. */
const log = () => new FakeLog({ partitions: [recordsAt(0, [5, 6, 7, 8, 9]), recordsAt(1, [0, 1, 2]), []] });

async function pinned(from: string, to = 'end') {
  const { begin, end } = await pinOffsets(
    log(),
    'in',
    parsePosition('--from', from),
    parsePosition('--to', to),
  );
  return [0, 1, 2].map((partition) => `${begin.get(partition)}-${end.get(partition)}`);
}

describe('the offsets of a replay', () => {
  it.each([
    ['beginning', 'end', ['5-10', '0-3', '0-0']],
    ['7', 'end', ['7-10', '3-3', '0-0']],
    ['2', 'end', ['5-10', '2-3', '0-0']],
    ['0', '6', ['5-6', '0-3', '0-0']],
    ['beginning', '5', ['10-10', '0-3', '0-0']],
    ['1:1', 'end', ['10-10', '1-3', '0-0']],
    ['beginning', '0:7', ['5-7', '3-3', '0-0']],
    ['end', 'end', ['10-10', '3-3', '0-0']],
    ['8', '7', ['10-10', '3-3', '0-0']],
  ])('from %s to %s are pinned in every partition', async (from, to, expected) => {
    expect(await pinned(from, to)).toEqual(expected);
  });

  it('never leave what the topic holds, and never run backwards', async () => {
    const place = fc.oneof(fc.constantFrom('beginning', 'end'), fc.nat(15).map(String));
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const ends = await pinOffsets(log(), 'in', parsePosition('--from', from), parsePosition('--to', to));
        const [low, high] = [await log().beginningOffsets(), await log().endOffsets()];
        for (const [partition, end] of ends.end) {
          const begin = ends.begin.get(partition) ?? -1n;
          expect(begin <= end && begin >= (low.get(partition) ?? 0n)).toBe(true);
          expect(end <= (high.get(partition) ?? 0n)).toBe(true);
        }
        expect(recordsIn(ends)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    ['4:0', 'no partition 4'],
    ['1:4', 'past the end of in/1, which is 3'],
  ])('are refused where the topic has none: %s', async (from, why) => {
    const failure = await failureOf(() => pinned(from));
    expect(failure).toMatchObject({ code: 'bad_replay', message: expect.stringContaining(why) });
  });
});
