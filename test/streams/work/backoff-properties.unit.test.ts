import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { content, poison, transient } from '../../support/failures.ts';
import { callWithRetry } from '../../support/stage/call-with-retry.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';
import { attemptResult } from '../../support/stage/work.ts';

const MAX = { maxTransientAttempts: 5, maxContentAttempts: 3 };
const BASE_MS = 500;
const CAP_MS = 4_000;
const DAY_MS = 86_400_000;

const failures: fc.Arbitrary<Failure> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(transient()) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 600_000 }).map((ms) => transient({ retryAfterMs: ms })) },
  { weight: 3, arbitrary: fc.constant(content()) },
  // A key that is refused after an answer is asked once more: `key-trouble.unit.test.ts`.
  { weight: 1, arbitrary: fc.constantFrom(new Failure('fatal', 'bad_setting', 'Not so.'), poison()) },
);

/** A call that fails as told and then works: when each attempt began, and how it all ended. */
async function played(script: readonly Failure[], random: () => number) {
  const stop = testStop();
  const { gate, endpoint } = testEndpoint(1, stop.signals.draining);
  const startedMs: number[] = [];
  const holds: number[] = [];
  const ended = callWithRetry({
    gate,
    stop: stop.signals,
    policy: retryPolicy({ ...MAX, baseMs: BASE_MS, capMs: CAP_MS, random }),
    attempt: async () => {
      const failure = script[startedMs.length];
      startedMs.push(performance.now());
      if (failure !== undefined) throw failure;
      return attemptResult('answer');
    },
    onFailedAttempt: async () => void holds.push(endpoint.state.inFlight),
  }).then(
    () => 'finished' as const,
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(DAY_MS);
  return { startedMs, holds, end: await ended };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the backoff of a call, however it fails', () => {
  const always = (claim: (script: readonly Failure[], of: Awaited<ReturnType<typeof played>>) => void) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(failures, { maxLength: 12 }),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
        async (script, draws) => {
          let drawn = 0;
          const random = () => draws[drawn++ % draws.length] ?? 0;
          claim(script, await played(script, random));
        },
      ),
    );

  it('makes no more calls than the policy allows, and ends with an answer or its last failure', async () => {
    await always((script, { startedMs, end }) => {
      const made = script.slice(0, startedMs.length);
      const of = (kind: string) => made.filter((failure) => failure.kind === kind).length;
      expect(of('transient')).toBeLessThanOrEqual(MAX.maxTransientAttempts);
      expect(of('content')).toBeLessThanOrEqual(MAX.maxContentAttempts);
      if (end === 'finished') expect(startedMs).toHaveLength(script.length + 1);
      else expect(end).toBe(made.at(-1));
    });
  });

  it('never calls earlier than a server asked, nor later than its bounds', async () => {
    await always((script, { startedMs }) => {
      for (const [index, startMs] of startedMs.slice(1).entries()) {
        const waitedMs = startMs - (startedMs[index] ?? 0);
        const failure = script[index];
        const askedMs = failure?.facts.retryAfterMs;
        // A timer takes a millisecond at least.
        if (failure?.kind === 'content') expect(waitedMs).toBeLessThanOrEqual(1);
        else if (askedMs === undefined || askedMs === 0) expect(waitedMs).toBeLessThanOrEqual(CAP_MS + 1);
        else {
          expect(waitedMs).toBeGreaterThanOrEqual(askedMs);
          expect(waitedMs).toBeLessThanOrEqual(askedMs + BASE_MS + 1);
        }
      }
    });
  });

  it('holds no permit while it waits', async () => {
    await always((_script, { holds }) => expect(holds.every((inFlight) => inFlight === 0)).toBe(true));
  });
});
