import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import type { Pass } from '../../../src/streams/limits/call-gate.ts';
import type { CircuitOptions } from '../../../src/streams/limits/circuit/circuit.ts';
import { isStopping, stopping } from '../../../src/streams/stop.ts';
import { content, fatal, outageSignal, poison, quotaSpent, transient } from '../../support/failures.ts';
import { aCall, testEndpoint } from '../../support/stage/test-endpoint.ts';

function gateOf(size: number, options: CircuitOptions = {}) {
  const stop = new AbortController();
  const { endpoint, circuit, gate } = testEndpoint(size, stop.signal, {
    circuit: { threshold: 2, ...options },
  });
  const held = () => {
    const { inFlight, stages } = endpoint.state;
    return [inFlight, stages.reduce((sum, { waiting }) => sum + waiting, 0)];
  };
  const entered: Pass[] = [];
  const refused: unknown[] = [];
  const enter = () => {
    gate.enter(aCall).then(
      (pass) => entered.push(pass),
      (reason: unknown) => refused.push(reason),
    );
  };
  return { endpoint, held, circuit, gate, stop, entered, refused, enter };
}

/** Promises have run; no time has passed. */
const soon = () => vi.advanceTimersByTimeAsync(0);

describe('an endpoint', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets in as many calls as the batch size says, and the next one when one leaves', async () => {
    const { entered, enter, held } = gateOf(2);
    for (let call = 0; call < 3; call += 1) enter();
    await soon();
    expect(entered).toHaveLength(2);
    entered[0]?.leave(undefined);
    await soon();
    expect(entered).toHaveLength(3);
    expect(held()).toEqual([2, 0]);
  });

  it('refuses who stops waiting by itself, and goes on with the others', async () => {
    const { gate, entered, enter, held } = gateOf(1);
    enter();
    const own = new AbortController();
    const refused = gate.enter({ ...aCall, signal: own.signal }).catch(isStopping);
    enter();
    await soon();
    expect(held()).toEqual([1, 2]);
    own.abort();
    await expect(refused).resolves.toBe(true);
    expect(held()).toEqual([1, 1]);
    entered[0]?.leave(undefined);
    await soon();
    expect(entered).toHaveLength(2);
    await expect(gate.enter({ ...aCall, signal: own.signal })).rejects.toSatisfy(isStopping);
  });

  it('holds no slot for those who wait for the circuit', async () => {
    const { entered, enter, held, circuit } = gateOf(2);
    circuit.onOutage(quotaSpent());
    for (let call = 0; call < 5; call += 1) enter();
    await soon();
    expect(entered).toHaveLength(0);
    expect(held()).toEqual([0, 5]);
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

  it('lets nobody in after the circuit opened', async () => {
    const { entered, enter, held } = gateOf(1);
    enter();
    enter();
    await soon();
    entered[0]?.leave(quotaSpent());
    await soon();
    expect(entered).toHaveLength(1);
    expect(held()).toEqual([0, 1]);
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
    const { entered, enter, circuit } = gateOf(3);
    for (let call = 0; call < 3; call += 1) enter();
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

  it('ends every wait when the process stops, at the limit and at the circuit', async () => {
    for (const open of [false, true]) {
      const { enter, held, circuit, stop, refused } = gateOf(1);
      enter();
      await soon();
      if (open) circuit.onOutage(quotaSpent());
      enter();
      await soon();
      stop.abort();
      await soon();
      expect(refused).toHaveLength(1);
      expect(isStopping(refused[0])).toBe(true);
      expect(held()).toEqual([1, 0]);
      circuit.close();
    }
  });
});

describe('an endpoint and a work that always fails', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stays open for the others, and judges the failure to be that work alone', async () => {
    const { circuit, gate } = gateOf(4);
    const fails = async () => (await gate.enter({ ...aCall, work: 'bad' })).leave(outageSignal());
    await fails();
    (await gate.enter({ ...aCall, work: 'good' })).leave(undefined);
    for (let time = 0; time < 20; time += 1) {
      const judged = await fails();
      expect(judged?.facts).toMatchObject({ own: true, outageSignal: false });
    }
    expect(circuit.state.kind).toBe('closed');
  });

  it('does not close for one work that fails alone, and closes for two', async () => {
    const { circuit, gate } = gateOf(4);
    const fails = async (work: string) => (await gate.enter({ ...aCall, work })).leave(outageSignal());
    for (let time = 0; time < 20; time += 1) await fails('only');
    expect(circuit.state.kind).toBe('closed');
    await fails('another');
    expect(circuit.state.kind).toBe('open');
  });

  it('sends no more than are needed to know that all are refused', async () => {
    const { entered, endpoint, gate } = gateOf(4);
    const unclear = new Failure('poison', 'request_rejected', 'no such model', { scope: 'unclear' });
    const verdicts: unknown[] = [];
    for (let work = 0; work < 40; work += 1)
      void gate.enter({ ...aCall, work: `w${work}` }).then(
        async (pass) => {
          entered.push(pass);
          await Promise.resolve();
          verdicts.push(await pass.leave(unclear));
        },
        () => undefined,
      );
    await vi.advanceTimersByTimeAsync(0);
    expect(entered.length).toBeLessThanOrEqual(4 + 3);
    expect(verdicts).toHaveLength(entered.length);
    expect(verdicts[0]).toMatchObject({ kind: 'fatal', code: 'request_rejected' });
    endpoint.close();
  });
});
