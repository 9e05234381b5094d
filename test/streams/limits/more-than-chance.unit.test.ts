import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { MoreThanChance } from '../../../src/streams/limits/more-than-chance.ts';

/** How many failures in a row tell, where such a share fails by chance. */
function telling(share: number): number {
  const more = new MoreThanChance(share);
  let failures = 1;
  while (!more.onOutcome(true, false)) failures += 1;
  return failures;
}

describe('more failures than by chance', () => {
  it.each([
    { share: 0.01, failures: 2 },
    { share: 0.04, failures: 3 },
    { share: 0.2, failures: 8 },
  ])('are told by so many in a row: %j', ({ share, failures }) => {
    expect(telling(share)).toBe(failures);
  });

  it('are told where half of all fail, in whatever order', () => {
    const more = new MoreThanChance(0.01);
    const told = Array.from({ length: 8 }, (_, call) => more.onOutcome(call % 2 === 0, false));
    expect(told).toContain(true);
  });

  it.each([0.01, 0.05, 0.2])('are hardly ever told where a share of %d fails by chance', (share) => {
    const random = seededRandom(1);
    const more = new MoreThanChance(share);
    let told = 0;
    for (let call = 0; call < 20_000; call += 1) if (more.onOutcome(random() < share, true)) told += 1;
    expect(told).toBeLessThanOrEqual(20);
  });

  it('are those beyond what was learnt to be chance', () => {
    const more = new MoreThanChance(0.005);
    for (let call = 0; call < 2_000; call += 1) more.onOutcome(call % 20 === 0, true);
    more.onOutcome(true, false);
    expect(more.onOutcome(true, false)).toBe(false);
  });

  it('are told apart from chance that began after a long time without any', () => {
    const random = seededRandom(1);
    const more = new MoreThanChance();
    for (let call = 0; call < 20_000; call += 1) more.onOutcome(false, true);
    let told = 0;
    for (let call = 0; call < 4_000; call += 1) if (more.onOutcome(random() < 0.05, true)) told += 1;
    expect(told).toBeLessThanOrEqual(20);
  });
});
