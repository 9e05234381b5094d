import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit } from '../../../src/streams/limits/concurrency-limit.ts';

function limitOf(ceiling: number): ConcurrencyLimit {
  const limit = new ConcurrencyLimit();
  limit.raiseCeiling(ceiling);
  return limit;
}

describe('calls at once', () => {
  it('start at the batch size, and halve at the first sign of pressure', () => {
    const limit = limitOf(30);
    expect(limit.limit).toBe(30);
    expect(limit.onPressure(limit.start())).toBe(true);
    expect(limit.limit).toBe(15);
  });

  it('fall once for a burst, however many of its calls fail', () => {
    const limit = limitOf(32);
    const burst = Array.from({ length: 20 }, () => limit.start());
    expect(burst.map((epoch) => limit.onPressure(epoch)).filter(Boolean)).toHaveLength(1);
    expect(limit.limit).toBe(16);
  });

  it('climb by one in a round of answers, back to the batch size and no further', () => {
    const limit = limitOf(8);
    limit.onPressure(limit.start());
    for (let answer = 0; answer < 5; answer += 1) limit.onAnswered();
    expect(limit.limit).toBe(5);
    for (let answer = 0; answer < 1_000; answer += 1) limit.onAnswered();
    expect(limit.limit).toBe(8);
  });

  it('are a whole number from one to the ceiling, whatever happens', () => {
    const steps = fc.array(fc.constantFrom('answered', 'pressure', 'late'), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), steps, (ceiling, some) => {
        const limit = limitOf(ceiling);
        const old = limit.start();
        for (const step of some) {
          const before = limit.limit;
          if (step === 'answered') limit.onAnswered();
          else limit.onPressure(step === 'late' ? old : limit.start());
          expect(limit.limit).toBeGreaterThanOrEqual(1);
          expect(limit.limit).toBeLessThanOrEqual(ceiling);
          expect(Number.isInteger(limit.limit)).toBe(true);
          expect(Math.abs(limit.limit - before)).toBeLessThanOrEqual(Math.max(1, Math.ceil(before / 2)));
        }
      }),
    );
  });
});
