import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Circuit, type CircuitState } from '../../../../src/streams/limits/circuit/circuit.ts';
import { outageSignal, quotaSpent } from '../../../support/failures.ts';

const OPTIONS = { threshold: 3, firstWaitMs: 1_000, maxWaitMs: 8_000, quotaWaitMs: 30_000 };

type Step =
  | Readonly<{ kind: 'start' | 'answered' | 'outage' | 'quota' | 'cancelled' }>
  | Readonly<{ kind: 'wait'; ms: number }>;

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('start', 'answered', 'outage', 'cancelled') }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'quota' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 40_000 }) }) },
);

/** A circuit and those who call through it: what ends, ends a call that is in flight. */
function rig() {
  const circuit = new Circuit(OPTIONS);
  const states: Readonly<{ state: CircuitState; atMs: number }>[] = [];
  circuit.states.subscribe((state) => states.push({ state, atMs: performance.now() }));
  let inFlight = 0;
  const end = (how: () => void) => {
    if (inFlight === 0) return;
    inFlight -= 1;
    how();
  };
  const take = (each: Step) => {
    if (each.kind === 'wait') vi.advanceTimersByTime(each.ms);
    else if (each.kind === 'start') {
      const may = circuit.mayStart;
      expect(circuit.start()).toBe(may);
      if (may) inFlight += 1;
    } else if (each.kind === 'answered') end(() => circuit.onAnswered());
    else if (each.kind === 'cancelled') end(() => circuit.onCancelled());
    else end(() => circuit.onOutage(each.kind === 'quota' ? quotaSpent() : outageSignal()));
  };
  return { circuit, states, take };
}

describe('a circuit, whatever happens in whatever order', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const always = (claim: (of: ReturnType<typeof rig>, steps: readonly Step[]) => void) =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const made = rig();
        claim(made, steps);
        made.circuit.close();
        expect(vi.getTimerCount()).toBe(0);
      }),
    );

  it('lets nobody start while it is open, and one at a time while it is half-open', () => {
    always(({ circuit, take }, steps) => {
      for (const each of steps) {
        take(each);
        const { state } = circuit;
        if (state.kind === 'open') expect(circuit.mayStart).toBe(false);
        if (state.kind === 'half-open') expect(circuit.mayStart).toBe(!state.probing);
        if (state.kind === 'closed') expect(state.failures).toBeLessThan(OPTIONS.threshold);
      }
    });
  });

  it('is open for just as long as it said, unless an answer came meanwhile', () => {
    always(({ states, take }, steps) => {
      for (const each of steps) take(each);
      for (const [index, { state, atMs }] of states.entries()) {
        const next = states[index + 1];
        if (state.kind !== 'open' || next === undefined) continue;
        if (next.state.kind === 'half-open') expect(next.atMs - atMs).toBe(state.waitMs);
        else expect(next.state).toEqual({ kind: 'closed', failures: 0 });
      }
    });
  });

  it('waits twice as long after each probe that failed, within its bounds', () => {
    always(({ states, take }, steps) => {
      for (const each of steps) take(each);
      for (const { state } of states) {
        if (state.kind !== 'open') continue;
        const backoffMs = Math.min(OPTIONS.maxWaitMs, OPTIONS.firstWaitMs * 2 ** (state.openings - 1));
        expect(state.waitMs).toBe(state.cause.kind === 'outage' ? OPTIONS.quotaWaitMs : backoffMs);
      }
    });
  });

  it('lets somebody in again after a wait, however long it was away', () => {
    always(({ circuit, take }, steps) => {
      for (const each of steps) take(each);
      vi.advanceTimersByTime(OPTIONS.quotaWaitMs);
      // A probe may be on its way; when it is given up, the next one may go.
      circuit.onCancelled();
      expect(circuit.mayStart).toBe(true);
    });
  });
});
