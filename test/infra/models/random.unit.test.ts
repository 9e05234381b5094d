import { describe, expect, it } from 'vitest';
import { drawn, logNormal, seededRandom } from '../../../src/infra/models/random.ts';

function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

describe('seeded chance', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draws(5, seededRandom(1))).toEqual(draws(5, seededRandom(1)));
    expect(draws(5, seededRandom(1))).not.toEqual(draws(5, seededRandom(2)));
  });

  it('has the mean that a log-normal draw was asked for', () => {
    const random = seededRandom(3);
    const sum = draws(20_000, () => logNormal(100, 0.8, random)).reduce((total, each) => total + each, 0);
    expect(sum / 20_000).toBeGreaterThan(97);
    expect(sum / 20_000).toBeLessThan(103);
  });

  it('does not spread without a sigma', () => {
    expect(logNormal(100, 0, seededRandom(1))).toBe(100);
  });

  it.each([
    [0, 'a'],
    [0.19, 'a'],
    [0.2, 'b'],
    [0.5, undefined],
  ])('%f falls into the share of %s', (draw, kind) => {
    expect(drawn({ a: 0.2, b: 0.3 }, ['a', 'b'], draw)).toBe(kind);
  });
});
