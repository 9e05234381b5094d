import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallEstimator, type CallSize } from '../../../src/streams/budget/call-estimate.ts';
import { NO_USAGE } from '../../../src/streams/failure.ts';

const size = (overrides: Partial<CallSize> = {}): CallSize => ({
  model: 'm',
  inputBytes: 1_000,
  maxOutputTokens: undefined,
  long: false,
  ...overrides,
});
const used = (input: number, output: number) => ({ ...NO_USAGE, input, output });
const estimator = () => new CallEstimator((_, input, output) => input + output, true);

function taught(calls: number, input: number, output: number): CallEstimator {
  const known = estimator();
  for (let call = 0; call < calls; call += 1) known.learn('research', size(), used(input, output));
  return known;
}

describe('the estimate of a call', () => {
  it('is a bound at the beginning: half a token a byte, and the longest answer', () => {
    expect(estimator().estimate('research', size()).tokens).toBe(500 + 4_096);
    expect(estimator().estimate('research', size({ maxOutputTokens: 100 })).tokens).toBe(600);
  });

  it('is what the last calls of the stage and model took at most, once there were enough', () => {
    const known = taught(10, 250, 300);
    known.learn('research', size(), used(240, 400));
    expect(known.estimate('research', size())).toEqual({ tokens: 275 + 400, costUsd: 675 });
    expect(known.estimate('research', size({ model: 'other' })).tokens).toBe(4_596);
    expect(known.estimate('review', size()).tokens).toBe(4_596);
  });

  it('never rests on few calls', () => {
    expect(taught(9, 10, 10).estimate('research', size()).tokens).toBe(4_596);
  });

  it('gives an answer that was cut off all of its new room', () => {
    const long = size({ long: true, maxOutputTokens: 8_192 });
    expect(taught(50, 250, 300).estimate('research', long).tokens).toBe(275 + 8_192);
  });

  it('forgets what was long ago', () => {
    const known = taught(1, 250, 9_000);
    for (let call = 0; call < 200; call += 1) known.learn('research', size(), used(250, 100));
    expect(known.estimate('research', size()).tokens).toBe(375);
  });

  it('is not below what a call like any before takes', () => {
    const call = fc.record({
      bytes: fc.integer({ min: 10, max: 5_000 }),
      density: fc.double({ min: 0.1, max: 0.5, noNaN: true }),
      output: fc.integer({ min: 1, max: 4_096 }),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 50 }), (calls) => {
        const known = estimator();
        for (const { bytes, density, output } of calls) {
          const each = size({ inputBytes: bytes });
          known.learn('research', each, used(Math.ceil(bytes * density), output));
          const needed = Math.ceil(bytes * density) + output;
          expect(known.estimate('research', each).tokens).toBeGreaterThanOrEqual(needed);
        }
      }),
    );
  });
});
