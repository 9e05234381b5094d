import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Circuit, type CircuitOptions } from '../../../../src/streams/limits/circuit/circuit.ts';
import { outageSignal, quotaSpent } from '../../../support/failures.ts';

function opened(options: CircuitOptions = {}): Circuit {
  const circuit = new Circuit({ threshold: 1, ...options });
  circuit.onOutage(outageSignal());
  return circuit;
}

/** Fails the probe of a half-open circuit. */
function failProbe(circuit: Circuit): void {
  expect(circuit.start()).toBe(true);
  circuit.onOutage(outageSignal());
}

describe('a circuit', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens after so many signs of an outage in a row', () => {
    const circuit = new Circuit({ threshold: 3 });
    circuit.onOutage(outageSignal());
    circuit.onOutage(outageSignal());
    expect(circuit.state).toEqual({ kind: 'closed', failures: 2 });
    circuit.onOutage(outageSignal());
    expect(circuit.state).toMatchObject({ kind: 'open', openings: 1, waitMs: 1_000 });
    expect(circuit.start()).toBe(false);
  });

  it('starts counting again at every answer', () => {
    const circuit = new Circuit({ threshold: 3 });
    for (let round = 0; round < 5; round += 1) {
      circuit.onOutage(outageSignal());
      circuit.onOutage(outageSignal());
      circuit.onAnswered();
    }
    expect(circuit.state).toEqual({ kind: 'closed', failures: 0 });
  });

  it('lets one probe through when its wait is over, and closes when that is answered', async () => {
    const circuit = opened();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(circuit.state).toMatchObject({ kind: 'half-open', probing: false });
    expect(circuit.start()).toBe(true);
    expect(circuit.start()).toBe(false);
    circuit.onAnswered();
    expect(circuit.state).toEqual({ kind: 'closed', failures: 0 });
    expect(circuit.start()).toBe(true);
  });

  it('doubles its wait with each probe that fails, up to the longest', async () => {
    const circuit = opened({ firstWaitMs: 1_000, maxWaitMs: 5_000 });
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { state } = circuit;
      const waitMs = state.kind === 'open' ? state.waitMs : Number.NaN;
      waits.push(waitMs);
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(circuit.state.kind).toBe('open');
      await vi.advanceTimersByTimeAsync(1);
      failProbe(circuit);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('opens at once and waits long when the quota is spent', () => {
    const circuit = new Circuit();
    circuit.onOutage(quotaSpent());
    expect(circuit.state).toMatchObject({ kind: 'open', waitMs: 300_000 });
  });

  it('waits as long as the server asks', () => {
    const circuit = new Circuit({ threshold: 1 });
    circuit.onOutage(outageSignal({ retryAfterMs: 90_000 }));
    expect(circuit.state).toMatchObject({ kind: 'open', waitMs: 90_000 });
  });

  it('asked to wait for more days than a timer can count stays open', async () => {
    const circuit = new Circuit({ threshold: 1 });
    circuit.onOutage(outageSignal({ retryAfterMs: 90 * 86_400_000 }));
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(circuit.state.kind).toBe('open');
  });

  it('is not opened further by calls that were on their way when it opened', async () => {
    const circuit = opened();
    await vi.advanceTimersByTimeAsync(999);
    circuit.onOutage(outageSignal());
    expect(circuit.state).toMatchObject({ kind: 'open', openings: 1 });
    await vi.advanceTimersByTimeAsync(1);
    expect(circuit.state.kind).toBe('half-open');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stays closed once a call that was on its way is answered: its old wait is over', async () => {
    const circuit = opened();
    circuit.onAnswered();
    expect(circuit.state.kind).toBe('closed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(circuit.state.kind).toBe('closed');
  });

  it('frees the probe of a caller who gave up', async () => {
    const circuit = opened();
    await vi.advanceTimersByTimeAsync(1_000);
    circuit.start();
    expect(circuit.mayStart).toBe(false);
    circuit.onCancelled();
    expect(circuit.start()).toBe(true);
  });

  it('leaves no timer once it is closed for good', () => {
    const circuit = opened();
    circuit.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells its states to those who watch', async () => {
    const circuit = new Circuit({ threshold: 1 });
    const seen: string[] = [];
    circuit.states.subscribe(({ kind }) => seen.push(kind));
    circuit.onOutage(outageSignal());
    await vi.advanceTimersByTimeAsync(1_000);
    circuit.onAnswered();
    expect(seen).toEqual(['closed', 'open', 'half-open', 'closed']);
  });

  it('knows whether anything was ever answered', () => {
    const circuit = new Circuit();
    circuit.onOutage(outageSignal());
    circuit.onCancelled();
    expect(circuit.everAnswered).toBe(false);
    circuit.onAnswered();
    expect(circuit.everAnswered).toBe(true);
  });
});
