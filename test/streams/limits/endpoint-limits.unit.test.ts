import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_TOKENS } from '../../../src/streams/budget/token-estimate.ts';
import type { Failure } from '../../../src/streams/failure.ts';
import type { CallGate, Pass } from '../../../src/streams/limits/call-gate.ts';
import { EndpointGate, type EndpointOptions } from '../../../src/streams/limits/endpoint-gate.ts';
import { stopping } from '../../../src/streams/stop.ts';
import { outageSignal, refusal } from '../../support/failures.ts';
import { aCall } from '../../support/stage/test-endpoint.ts';

type End = Readonly<{ failure?: Failure; afterMs: number }>;

function endpointOf(options: Partial<EndpointOptions> = {}) {
  const stop = new AbortController();
  const endpoint = new EndpointGate({ name: 'model', stop: stop.signal, random: () => 0.5, ...options });
  return { endpoint, stop };
}

/** Callers of one stage that never run out of work; each call ends as `end` says. */
function busy(gate: CallGate, callers: number, end: () => End, onStart: () => void = () => undefined): void {
  const loop = async () => {
    for (;;) {
      const pass = await gate.enter(aCall);
      onStart();
      const { failure, afterMs } = end();
      await new Promise((resolve) => void setTimeout(resolve, afterMs));
      pass.leave(failure);
    }
  };
  for (let caller = 0; caller < callers; caller += 1) loop().catch(() => undefined);
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
const overload = () => outageSignal({ pressure: 'overload' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('stages that share an endpoint', () => {
  it('share what it takes in proportion to their batch sizes, and none is starved', async () => {
    const { endpoint } = endpointOf({ circuit: { threshold: 1_000 } });
    const started = { research: 0, review: 0 };
    const research = endpoint.stage('research', 20);
    const review = endpoint.stage('review', 5);
    for (let halving = 0; halving < 2; halving += 1) (await research.enter(aCall)).leave(overload());
    const end = () =>
      endpoint.state.limit > 10 ? { failure: overload(), afterMs: 1_000 } : { afterMs: 1_000 };
    busy(research, 200, end, () => {
      started.research += 1;
    });
    await seconds(10);
    // Research has had the endpoint to itself so far, and has hundreds more to do.
    busy(review, 200, end, () => {
      started.review += 1;
    });
    const before = { ...started };
    await seconds(100);
    const [ofResearch, ofReview] = [started.research - before.research, started.review];
    expect(ofReview).toBeGreaterThan(0.15 * (ofResearch + ofReview));
    expect(ofResearch).toBeGreaterThan(2 * ofReview);
  });

  it('are served in turn whenever a slot is free', async () => {
    const { endpoint } = endpointOf({ limits: { requestsPerMinute: 120 } });
    const started = { research: 0, review: 0 };
    busy(
      endpoint.stage('research', 20),
      200,
      () => ({ afterMs: 100 }),
      () => {
        started.research += 1;
      },
    );
    busy(
      endpoint.stage('review', 5),
      200,
      () => ({ afterMs: 100 }),
      () => {
        started.review += 1;
      },
    );
    await seconds(120);
    expect(started.research + started.review).toBeGreaterThan(220);
    expect(Math.abs(started.research - started.review)).toBeLessThanOrEqual(2);
  });

  it('never hold more than their batch sizes and the limit, in whatever order calls come and end', async () => {
    const kinds = fc.array(fc.constantFrom('ok', 'refused', 'overload'), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        kinds,
        async (a, b, ends) => {
          const { endpoint, stop } = endpointOf({ circuit: { threshold: 1_000 } });
          let next = 0;
          const end = (): End => {
            const kind = ends[next % ends.length];
            next += 1;
            if (kind === 'refused') return { failure: refusal(), afterMs: 10 };
            return kind === 'overload' ? { failure: overload(), afterMs: 50 } : { afterMs: 100 };
          };
          const look = () => {
            const { inFlight, ceiling, limit, stages } = endpoint.state;
            expect(inFlight).toBeLessThanOrEqual(ceiling);
            expect(limit).toBeGreaterThanOrEqual(1);
            for (const stage of stages) expect(stage.inFlight).toBeLessThanOrEqual(stage.batchSize);
          };
          busy(endpoint.stage('research', a), 10, end, look);
          busy(endpoint.stage('review', b), 10, end, look);
          await seconds(30);
          stop.abort();
          await seconds(1);
          expect(endpoint.state).toMatchObject({ inFlight: 0 });
          for (const { waiting } of endpoint.state.stages) expect(waiting).toBe(0);
          endpoint.close();
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('an endpoint that refuses', () => {
  it('is left alone as long as it asks, whatever the length, and by all stages', async () => {
    const { endpoint } = endpointOf();
    const research = endpoint.stage('research', 5);
    const review = endpoint.stage('review', 5);
    (await research.enter(aCall)).leave(refusal({ retryAfterMs: 3_600_000 }));
    expect(endpoint.state.pausedMs).toBeGreaterThanOrEqual(3_600_000);
    const entered = vi.fn<(pass: Pass) => void>();
    void review.enter(aCall).then(entered);
    await seconds(3_599);
    expect(entered).not.toHaveBeenCalled();
    await seconds(3);
    expect(entered).toHaveBeenCalledOnce();
  });

  it('is asked ever more rarely while it refuses everything, and holds no slot meanwhile', async () => {
    const { endpoint } = endpointOf();
    let calls = 0;
    busy(
      endpoint.stage('research', 10),
      50,
      () => ({ failure: refusal(), afterMs: 20 }),
      () => {
        calls += 1;
      },
    );
    await seconds(60);
    const first = calls;
    await seconds(3_600);
    expect(first).toBeLessThan(40);
    expect(calls - first).toBeLessThanOrEqual(90);
    expect(endpoint.state).toMatchObject({ inFlight: 0, circuit: { kind: 'closed' } });
  });

  it('by chance, one call in twenty-five, is still used', async () => {
    const { endpoint } = endpointOf();
    let calls = 0;
    const end = () => (calls % 25 === 0 ? { failure: refusal(), afterMs: 20 } : { afterMs: 500 });
    busy(endpoint.stage('research', 10), 50, end, () => {
      calls += 1;
    });
    await seconds(600);
    expect(calls).toBeGreaterThan(600 * 8);
  });

  it('gets its whole batch again some time after it refuses no more', async () => {
    const { endpoint } = endpointOf({ circuit: { threshold: 1_000 } });
    const gate = endpoint.stage('research', 10);
    while (endpoint.state.limit > 1) (await gate.enter(aCall)).leave(overload());
    busy(gate, 50, () => ({ afterMs: 500 }));
    await seconds(60);
    expect(endpoint.state.limit).toBe(10);
  });
});

describe('an endpoint that says what is left', () => {
  it('is paced by it, for requests and for tokens', async () => {
    const { endpoint } = endpointOf();
    const gate = endpoint.stage('research', 50);
    const pass = await gate.enter({ tokens: { input: 500, output: 500 }, again: false });
    pass.onRates({ requests: { limit: 60, remaining: 59, resetMs: 1_000 } });
    pass.leave(undefined, { input: 500, output: 500, cached: 0, reasoning: 0 });
    let calls = 0;
    busy(
      gate,
      50,
      () => ({ afterMs: 100 }),
      () => {
        calls += 1;
      },
    );
    await seconds(60);
    expect(calls).toBeGreaterThan(50);
    expect(calls).toBeLessThanOrEqual(75);
    const [budget] = endpoint.state.budgets;
    expect(budget).toMatchObject({ unit: 'requests', source: 'headers', limit: 60 });
  });

  it('forgets what a call reserved that was not made', async () => {
    const { endpoint } = endpointOf({ limits: { requestsPerMinute: 60 } });
    const gate = endpoint.stage('research', 5);
    const cancelled = await gate.enter({ tokens: NO_TOKENS, again: false });
    cancelled.leave(stopping());
    const entered = vi.fn<(pass: Pass) => void>();
    void gate.enter(aCall).then(entered);
    await seconds(0);
    expect(entered).toHaveBeenCalledOnce();
  });
});
