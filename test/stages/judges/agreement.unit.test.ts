import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementByDay, agreementOf } from '../../../src/stages/judges/agreement.ts';
import type { DecidedCount } from '../../../src/stages/store/review-queue-repository.ts';

type Pair = Pick<DecidedCount, 'judge' | 'verdict'>;

const judge = fc.constantFrom<DecidedCount['judge']>('approved', 'rejected');
const verdict = fc.constantFrom<DecidedCount['verdict']>('approve', 'reject', 'edit');
const pairs = fc.array(fc.record({ judge, verdict }), { maxLength: 60 });
const counted = (pair: Pair, day = '2026-03-01', count = 1): DecidedCount => ({ ...pair, day, count });

const agrees = ({ judge, verdict }: Pair) => (judge === 'approved') === (verdict === 'approve');

/** As Cohen wrote it down, from the decisions one by one. */
function kappaOf(all: readonly Pair[]): number | undefined {
  const share = (of: (pair: Pair) => boolean) => all.filter(of).length / all.length;
  const yes = share(({ judge }) => judge === 'approved') * share(({ verdict }) => verdict === 'approve');
  const no = share(({ judge }) => judge === 'rejected') * share(({ verdict }) => verdict !== 'approve');
  return yes + no === 1 ? undefined : (share(agrees) - yes - no) / (1 - yes - no);
}

describe('the agreement between people and judge', () => {
  it('is what its definition makes of the single decisions, however they are counted together', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        fc.pre(all.length > 0);
        const found = agreementOf(all.map((pair) => counted(pair)));
        expect(found).toMatchObject({ decided: all.length, agreed: all.filter(agrees).length });
        const expected = kappaOf(all);
        if (expected === undefined) expect(found.kappa).toBeUndefined();
        else expect(found.kappa).toBeCloseTo(expected, 9);
      }),
    );
  });

  it('lies between -1 and 1, and accuracy between 0 and 1', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const { accuracy = 0, kappa = 0 } = agreementOf(all.map((pair) => counted(pair)));
        expect(Math.abs(kappa)).toBeLessThanOrEqual(1 + 1e-9);
        expect(accuracy).toBeGreaterThanOrEqual(0);
        expect(accuracy).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 where all agree on both kinds, 0 at chance, and not said where only one kind came', () => {
    const yes = counted({ judge: 'approved', verdict: 'approve' }, '2026-03-01', 5);
    const no = counted({ judge: 'rejected', verdict: 'reject' }, '2026-03-01', 5);
    const judgeOnly = counted({ judge: 'approved', verdict: 'edit' }, '2026-03-01', 5);
    const personOnly = counted({ judge: 'rejected', verdict: 'approve' }, '2026-03-01', 5);
    expect(agreementOf([yes, no])).toEqual({ decided: 10, agreed: 10, accuracy: 1, kappa: 1 });
    expect(agreementOf([yes, no, judgeOnly, personOnly])).toMatchObject({ accuracy: 0.5, kappa: 0 });
    expect(agreementOf([yes])).toMatchObject({ accuracy: 1, kappa: undefined });
    expect(agreementOf([])).toEqual({ decided: 0, agreed: 0, accuracy: undefined, kappa: undefined });
  });

  it('adds up over the days, which come in order', () => {
    const day = fc.constantFrom('2026-03-01', '2026-03-02', '2026-02-27');
    fc.assert(
      fc.property(fc.array(fc.record({ judge, verdict, day, count: fc.nat(9) })), (counts) => {
        const days = agreementByDay(counts);
        const sum = days.reduce((total, { decided }) => total + decided, 0);
        expect(sum).toBe(agreementOf(counts).decided);
        expect(days.map((each) => each.day)).toEqual([...new Set(counts.map((each) => each.day))].sort());
      }),
    );
  });
});
