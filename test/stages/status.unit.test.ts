import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageNames } from '../../src/stages/stage-names.ts';
import { isEnd, rankOf, type Status, statusBefore, statuses } from '../../src/stages/status.ts';
import { failureOf } from '../support/failure-of.ts';

type Standing = Readonly<{ status: Status; revision: number; drive: number }>;

const standing: fc.Arbitrary<Standing> = fc.record({
  status: fc.constantFrom(...statuses()),
  revision: fc.nat({ max: 1_000 }),
  drive: fc.nat({ max: 10_000 }),
});
const rank = ({ status, ...work }: Standing) => rankOf(status, work);
const onTheWay = statuses().filter((status) => !isEnd(status));

describe('the rank of a status', () => {
  it('rises along the stages', () => {
    const ranks = onTheWay.map((status) => rank({ status, revision: 0, drive: 0 }));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(ranks.length);
  });

  it('of any later revision is higher than every status before it, an end included', () => {
    fc.assert(
      fc.property(standing, standing, (a, b) => {
        fc.pre(a.revision < b.revision);
        expect(rank({ ...a, drive: b.drive })).toBeLessThan(rank(b));
      }),
    );
  });

  it('of the very next revision and of the next drive is higher as well', () => {
    for (const status of statuses())
      for (const next of statuses()) {
        const last = rank({ status, revision: 1_000, drive: 3 });
        expect(rank({ status: next, revision: 0, drive: 4 })).toBeGreaterThan(last);
        const now = rank({ status, revision: 6, drive: 3 });
        expect(rank({ status: next, revision: 7, drive: 3 })).toBeGreaterThan(now);
      }
  });

  it('of any later drive is higher than everything before it', () => {
    fc.assert(
      fc.property(standing, standing, (a, b) => {
        fc.pre(a.drive < b.drive);
        expect(rank(a)).toBeLessThan(rank(b));
      }),
    );
  });

  it('lets no status go back, whatever the order in which moves arrive', () => {
    const moves = fc.array(standing, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        moves.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, arriving]) => {
          let stands = -1;
          for (const move of arriving) {
            const before = stands;
            if (rank(move) > stands) stands = rank(move);
            expect(stands).toBeGreaterThanOrEqual(before);
          }
          expect(stands).toBe(Math.max(...all.map(rank)));
        },
      ),
    );
  });

  it('lets no end follow another end of the same pass', () => {
    const work = { revision: 3, drive: 1 };
    const ends = (['approved', 'rejected', 'held'] as const).map((status) => rank({ status, ...work }));
    expect(new Set(ends).size).toBe(1);
  });

  it.each(['nonsense', '', 'toString', null])(
    'of %j, which nobody knows, is a failure that lists the known ones',
    async (text) => {
      const status: Status = JSON.parse(JSON.stringify(text));
      const failure = await failureOf(async () => rankOf(status, { revision: 0, drive: 0 }));
      expect(failure).toMatchObject({ kind: 'fatal', code: 'unknown_status' });
      expect(failure.message).toContain(JSON.stringify(text));
      for (const known of statuses()) expect(failure.message).toContain(known);
    },
  );
});

describe('a status', () => {
  it('is an end where nothing more happens by itself', () => {
    expect(statuses().filter(isEnd)).toEqual(['approved', 'rejected', 'held', 'dead_lettered']);
    expect(isEnd('nonsense')).toBe(false);
  });

  it('stands before each stage, in order', () => {
    expect(stageNames().map((stage) => statusBefore(stage))).toEqual(onTheWay);
  });
});
