import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../src/stages/judges/agreement.ts';
import { shadowAgreementByDay, shadowAgreementOf } from '../../../src/stages/judges/shadow-agreement.ts';
import type { Passes, ShadowCount } from '../../../src/stages/store/shadow-repository.ts';

const passes = fc.constantFrom<Passes>('approved', 'rejected');
const counts = fc.array(
  fc.record({
    day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-02-27'),
    ...{ live: passes, verdict: passes, count: fc.integer({ min: 1, max: 50 }) },
    scoreDifference: fc.integer({ min: -90, max: 90 }),
  }),
);

const counted = (live: Passes, verdict: Passes, count: number, scoreDifference = 0): ShadowCount => ({
  ...{ day: '2026-03-01', live, verdict, count, scoreDifference },
});

describe('the agreement between a shadow judge and the live one', () => {
  it('counts both, neither, and each of them alone', () => {
    const found = shadowAgreementOf([
      counted('approved', 'approved', 20, 10),
      counted('approved', 'rejected', 5, -20),
      counted('rejected', 'approved', 10, 15),
      counted('rejected', 'rejected', 15, 0),
    ]);
    expect(found).toMatchObject({ judged: 50, both: 20, neither: 15, liveOnly: 5, shadowOnly: 10 });
    // Chance: 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    expect(found.agreement).toBeCloseTo(0.7, 9);
    expect(found.kappa).toBeCloseTo(0.4, 9);
    expect(found.scoreDifference).toBeCloseTo(0.1, 9);
  });

  it('is that between judge and people, of whom the shadow is one', () => {
    fc.assert(
      fc.property(counts, (all) => {
        const people = all.map(({ live, verdict, count }) => ({
          ...{ judge: live, count },
          verdict: verdict === 'approved' ? ('approve' as const) : ('reject' as const),
        }));
        const { judged, agreement, kappa } = shadowAgreementOf(all);
        const { decided, accuracy, kappa: theirs } = agreementOf(people);
        expect({ judged, agreement, kappa }).toEqual({ judged: decided, agreement: accuracy, kappa: theirs });
      }),
    );
  });

  it('says nothing of what nobody judged, and no kappa where both always say one thing', () => {
    const unsaid = { agreement: undefined, kappa: undefined, scoreDifference: undefined };
    expect(shadowAgreementOf([])).toMatchObject({ judged: 0, ...unsaid });
    const one = shadowAgreementOf([counted('approved', 'approved', 7)]);
    expect(one).toMatchObject({ agreement: 1, kappa: undefined, scoreDifference: 0 });
  });

  it('adds up over the days, which come in order', () => {
    fc.assert(
      fc.property(counts, (all) => {
        const days = shadowAgreementByDay(all);
        const total = shadowAgreementOf(all);
        for (const part of ['judged', 'both', 'neither', 'liveOnly', 'shadowOnly'] as const)
          expect(days.reduce((sum, each) => sum + each[part], 0)).toBe(total[part]);
        expect(days.map(({ day }) => day)).toEqual([...new Set(all.map(({ day }) => day))].sort());
      }),
    );
  });
});
