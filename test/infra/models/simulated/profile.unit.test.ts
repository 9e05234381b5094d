import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSimulatedProfile } from '../../../../src/infra/models/simulated/profile.ts';
import { Failure } from '../../../../src/streams/failure.ts';

describe('a profile of the simulated model', () => {
  it('is usual where it says nothing', () => {
    expect(parseSimulatedProfile('')).toEqual({
      latencyMs: { research: 1_200, generation: 800, review: 500 },
      otherLatencyMs: 500,
      sigma: 0,
      faults: { errors: 0, 'rate-limited': 0, malformed: 0, truncated: 0, refused: 0 },
      reject: 0.15,
      seed: 1,
    });
  });

  it('is read in full', () => {
    const text =
      'latency=300ms, review=1.5s, sigma=0.8, errors=5%, malformed=5%, truncated=1%, refused=1%, rate-limited=2.5%, reject=20%, seed=7';
    expect(parseSimulatedProfile(text)).toEqual({
      latencyMs: { research: 300, generation: 300, review: 1_500 },
      otherLatencyMs: 300,
      sigma: 0.8,
      faults: { errors: 0.05, 'rate-limited': 0.025, malformed: 0.05, truncated: 0.01, refused: 0.01 },
      reject: 0.2,
      seed: 7,
    });
  });

  it('lets a stage have its own latency, wherever it stands', () => {
    const { latencyMs } = parseSimulatedProfile('review=0,latency=10ms');
    expect(latencyMs).toEqual({ research: 10, generation: 10, review: 0 });
  });

  it.each([
    ['latency=fast', 'expected latency to be a time up to one hour, such as 300ms or 1.5s, got "fast"'],
    ['latency=2h', 'got "2h"'],
    ['latency=300', 'got "300"'],
    ['latency=9999s', 'got "9999s"'],
    ['errors=0.05', 'expected errors to be a share from 0% to 100%, such as 5%, got "0.05"'],
    ['errors=101%', 'got "101%"'],
    ['seed=x', 'expected seed to be a whole number, such as 7, got "x"'],
    ['sigma=-1', 'expected sigma to be a number from 0 to 3, such as 0.8, got "-1"'],
    ['speed=1', 'expected one of latency, research,'],
    ['__proto__=1', 'got "__proto__"'],
    ['errors', 'expected NAME=VALUE, got "errors"'],
    ['errors=1%=2', 'expected NAME=VALUE'],
    ['errors=1%,errors=2%', '"errors" is given twice'],
    ['errors=60%,malformed=60%', 'to come to 100% at most, got 120%'],
  ])('%j is refused with what was expected and what came', (text, message) => {
    expect(() => parseSimulatedProfile(text)).toThrow(
      expect.objectContaining({
        kind: 'fatal',
        code: 'bad_setting',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('is read or refused with a Failure, whatever the text', () => {
    const name = fc.constantFrom('latency', 'errors', 'seed', 'sigma', 'reject', 'review');
    const value = fc.oneof(fc.string(), fc.constantFrom('5%', '1ms', '7', '1e9', '-0'));
    const setting = fc.tuple(name, value).map((pair) => pair.join('='));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(setting).map((all) => all.join(',')),
        ),
        (text) => {
          try {
            const { latencyMs, reject } = parseSimulatedProfile(text);
            expect(Object.values(latencyMs).every((ms) => ms >= 0 && ms <= 3_600_000)).toBe(true);
            expect(reject).toBeLessThanOrEqual(1);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
          }
        },
      ),
    );
  });
});
