import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallGate, type Pass } from '../../src/streams/call-gate.ts';
import { Circuit, type CircuitOptions } from '../../src/streams/circuit.ts';
import { Permits } from '../../src/streams/permits.ts';
import { isStopping, stopping } from '../../src/streams/stop.ts';
import { content, fatal, outageSignal, poison, quotaSpent, transient } from '../support/failures.ts';

function gateOf(size: number, options: CircuitOptions = {}) {
  const stop = new AbortController();
  const permits = new Permits(size, stop.signal);
  const circuit = new Circuit({ threshold: 2, ...options });
  const gate = new CallGate(permits, circuit);
  const entered: Pass[] = [];
  const refused: unknown[] = [];
  const enter = () => {
    gate.enter(stop.signal).then(
      (pass) => entered.push(pass),
      (reason: unknown) => refused.push(reason),
    );
  };
  return { permits, circuit, gate, stop, entered, refused, enter };
}

/** Promises have run; no time has passed. */
const soon = () => vi.advanceTimersByTimeAsync(0);

describe('a call gate', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets in as many calls as there are permits, and the next one when one leaves', async () => {
    const { entered, enter, permits } = gateOf(2);
    for (let call = 0; call < 3; call += 1) enter();
    await soon();
    expect(entered).toHaveLength(2);
    entered[0]?.leave(undefined);
    await soon();
    expect(entered).toHaveLength(3);
    expect([permits.held, permits.waiting]).toEqual([2, 0]);
  });

  it('holds no permit for those who wait for the circuit', async () => {
    const { entered, enter, permits, circuit } = gateOf(2);
    circuit.onOutage(quotaSpent());
    for (let call = 0; call < 5; call += 1) enter();
    await soon();
    expect(entered).toHaveLength(0);
    expect([permits.held, permits.waiting]).toEqual([0, 0]);
  });

  it('lets one probe in when the circuit is half-open, and everyone once it is answered', async () => {
    const { entered, enter, circuit } = gateOf(10);
    circuit.onOutage(outageSignal());
    circuit.onOutage(outageSignal());
    for (let call = 0; call < 5; call += 1) enter();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(entered).toHaveLength(1);
    entered[0]?.leave(undefined);
    await soon();
    expect(entered).toHaveLength(5);
  });

  it('sends back to the circuit whoever got a permit after it opened', async () => {
    const { entered, enter, permits } = gateOf(1);
    enter();
    enter();
    await soon();
    entered[0]?.leave(quotaSpent());
    await soon();
    expect(entered).toHaveLength(1);
    expect(permits.held).toBe(0);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(entered).toHaveLength(2);
  });

  it.each([
    ['429', transient()],
    ['an unusable answer', content()],
    ['poison', poison()],
    ['a wrong key', fatal()],
  ])('never opens the circuit for %s: the server is there', async (_, failure) => {
    const { entered, enter, circuit } = gateOf(1);
    for (let call = 0; call < 10; call += 1) {
      enter();
      await soon();
      entered.at(-1)?.leave(failure);
    }
    expect(circuit.state).toEqual({ kind: 'closed', failures: 0 });
  });

  it('opens the circuit for signs of an outage', async () => {
    const { entered, enter, circuit } = gateOf(2);
    enter();
    enter();
    await soon();
    for (const pass of entered) pass.leave(outageSignal());
    expect(circuit.state.kind).toBe('open');
  });

  it('frees the probe of a call that was cut', async () => {
    const { entered, enter, circuit } = gateOf(3);
    circuit.onOutage(quotaSpent());
    for (let call = 0; call < 3; call += 1) enter();
    await vi.advanceTimersByTimeAsync(300_000);
    entered[0]?.leave(stopping());
    await soon();
    expect(entered).toHaveLength(2);
    expect(circuit.state.kind).toBe('half-open');
  });

  it('ends every wait when the process stops, at the permits and at the circuit', async () => {
    for (const open of [false, true]) {
      const { enter, permits, circuit, stop, refused } = gateOf(1);
      enter();
      await soon();
      if (open) circuit.onOutage(quotaSpent());
      enter();
      await soon();
      stop.abort();
      await soon();
      expect(refused).toHaveLength(1);
      expect(isStopping(refused[0])).toBe(true);
      expect([permits.held, permits.waiting]).toEqual([1, 0]);
      circuit.close();
    }
  });
});
