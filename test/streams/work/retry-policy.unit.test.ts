import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { NO_RETRIES, retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { content, fatal, outage, outageSignal, poison, refusal, transient } from '../../support/failures.ts';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const limits = fc.record({
  maxTransientAttempts: fc.integer({ min: 1, max: 10 }),
  maxContentAttempts: fc.integer({ min: 1, max: 5 }),
});

const CLOSED = { circuitClosed: true, othersAnswered: true };
const OPEN = { circuitClosed: false, othersAnswered: false };

describe('a retry policy', () => {
  it('never allows more calls of a kind than its limit, however the kinds mix', () => {
    const kinds = fc.infiniteStream(fc.constantFrom('transient', 'content', 'outage'));
    fc.assert(
      fc.property(limits, kinds, unit, (max, some, random) => {
        const policy = retryPolicy({ ...max, random: () => random });
        const failed = { transient: 0, content: 0, outage: 0 };
        let count = NO_RETRIES;
        for (const kind of some) {
          if (failed.outage > 20) return;
          failed[kind] += 1;
          const failure = { transient: transient(), content: content(), outage: outage() }[kind];
          const decision = policy(failure, count, CLOSED);
          if (decision.kind === 'give-up') {
            const limit = kind === 'transient' ? max.maxTransientAttempts : max.maxContentAttempts;
            expect(failed[kind]).toBe(limit);
            return;
          }
          count = decision.count;
          expect(failed.transient).toBeLessThan(max.maxTransientAttempts);
          expect(failed.content).toBeLessThan(max.maxContentAttempts);
        }
      }),
    );
  });

  it('allows 8 calls for a transient failure and 4 for an unusable answer by default', () => {
    const policy = retryPolicy();
    const retry = { kind: 'retry' };
    expect(policy(transient(), { transient: 6, content: 0, refused: 0 }, CLOSED)).toMatchObject(retry);
    expect(policy(transient(), { transient: 7, content: 0, refused: 0 }, CLOSED)).toEqual({
      kind: 'give-up',
    });
    expect(policy(content(), { transient: 7, content: 2, refused: 0 }, CLOSED)).toMatchObject(retry);
    expect(policy(content(), { transient: 0, content: 3, refused: 0 }, CLOSED)).toEqual({ kind: 'give-up' });
  });

  it('allows a work as many calls as it says itself, fewer or more', () => {
    const policy = retryPolicy();
    const retry = { kind: 'retry' };
    const failed = (transient_: number, content_: number) => ({
      transient: transient_,
      content: content_,
      refused: 0,
    });
    expect(policy(content(), failed(0, 4), CLOSED, 6)).toMatchObject(retry);
    expect(policy(content(), failed(0, 5), CLOSED, 6)).toEqual({ kind: 'give-up' });
    expect(policy(transient(), failed(11, 0), CLOSED, 12)).toEqual({ kind: 'give-up' });
    expect(policy(content(), failed(0, 0), CLOSED, 1)).toEqual({ kind: 'give-up' });
  });

  it('does not ask again where asking cannot help', () => {
    const final = new Failure('content', 'truncated', 'cut off', { final: true });
    expect(retryPolicy()(final, NO_RETRIES, CLOSED)).toEqual({ kind: 'give-up' });
  });

  it('backs off between nothing and a cap that doubles', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), unit, (failed, random) => {
        const policy = retryPolicy({
          maxTransientAttempts: 10_000,
          baseMs: 500,
          capMs: 60_000,
          random: () => random,
        });
        const decision = policy(transient(), { transient: failed, content: 0, refused: 0 }, CLOSED);
        const delayMs = decision.kind === 'retry' ? decision.delayMs : Number.NaN;
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** failed));
      }),
    );
  });

  it('obeys a Retry-After of whatever length, and spreads those who wait for it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), unit, (retryAfterMs, random) => {
        const policy = retryPolicy({ baseMs: 500, random: () => random });
        const decision = policy(transient({ retryAfterMs }), NO_RETRIES, CLOSED);
        const delayMs = decision.kind === 'retry' ? decision.delayMs : Number.NaN;
        expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(delayMs).toBeLessThanOrEqual(retryAfterMs + 500);
      }),
    );
  });

  it('counts no refusal by a rate limit while it refuses everybody, and 50 while it lets others through', () => {
    const policy = retryPolicy({ maxTransientAttempts: 1 });
    const refusals = (othersAnswered: boolean, most: number) => {
      let count = NO_RETRIES;
      for (let refused = 1; refused <= most; refused += 1) {
        const decision = policy(refusal(), count, { circuitClosed: true, othersAnswered });
        if (decision.kind === 'give-up') return refused;
        count = decision.count;
      }
      return most;
    };
    expect(refusals(false, 10_000)).toBe(10_000);
    expect(refusals(true, 10_000)).toBe(50);
  });

  it('burns no attempt while the circuit is open', () => {
    const policy = retryPolicy({ maxTransientAttempts: 2 });
    let count = NO_RETRIES;
    for (let call = 0; call < 1_000; call += 1) {
      const decision = policy(outageSignal(), count, OPEN);
      if (decision.kind === 'give-up') expect.unreachable('gave up during an outage');
      else count = decision.count;
    }
    expect(count).toEqual(NO_RETRIES);
  });

  it('never counts an outage, and leaves the waiting to the circuit', () => {
    const decision = retryPolicy({ maxTransientAttempts: 1 })(outage(), NO_RETRIES, CLOSED);
    expect(decision).toEqual({ kind: 'retry', delayMs: 0, count: NO_RETRIES });
  });

  it.each<[string, Failure]>([
    ['poison', poison()],
    ['fatal', fatal()],
  ])('gives up at once on %s', (_, failure) => {
    expect(retryPolicy()(failure, NO_RETRIES, CLOSED)).toEqual({ kind: 'give-up' });
  });
});
