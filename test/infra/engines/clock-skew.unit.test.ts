import { expect, it } from 'vitest';
import { clockNotice, refuseClock } from '../../../src/infra/engines/clock-skew.ts';

it('a clock is told of from a minute on, with its side', () => {
  expect(clockNotice('MongoDB', 59_000)).toBeUndefined();
  expect(clockNotice('MongoDB', 90_000)).toContain('90 s behind that of MongoDB');
  expect(clockNotice('MongoDB', -90_000)).toContain('90 s ahead of that of MongoDB');
});

it('a clock is refused from an hour on, whichever side it is off', () => {
  expect(() => refuseClock('MongoDB', 3_599_000)).not.toThrow();
  for (const skewMs of [3_600_000, -3_600_000])
    expect(() => refuseClock('MongoDB', skewMs)).toThrow(
      expect.objectContaining({ kind: 'fatal', code: 'clock_apart' }),
    );
});
