import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/streams/failure.ts';
import { Circuit } from '../../../../src/streams/limits/circuit/circuit.ts';
import { ServerTrouble } from '../../../../src/streams/limits/circuit/server-trouble.ts';
import { stopping } from '../../../../src/streams/stop.ts';

const broken = () => new Failure('transient', 'server_error', 'oops', { outageSignal: true });

const unavailable = () =>
  new Failure('transient', 'server_error', 'loading', { outageSignal: true, pressure: 'overload' });

function troubleOf(threshold: number) {
  const circuit = new Circuit({ threshold });
  const trouble = new ServerTrouble(circuit);
  return {
    circuit,
    trouble,
    fail: (work: string, answered: number, thrown = broken()) =>
      trouble.tellCircuit(trouble.send(), trouble.onFailed(thrown, work, answered)),
  };
}

describe('the circuit of a server', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens when calls of several works fail in a row', () => {
    const { circuit, fail } = troubleOf(3);
    for (const work of ['a', 'b', 'c']) fail(work, 0);
    expect(circuit.state.kind).toBe('open');
    circuit.close();
  });

  it('hears nothing of a failure that is a work’s own', () => {
    const { circuit, trouble, fail } = troubleOf(3);
    fail('a', 0);
    trouble.onAnswered('b', 0);
    trouble.tellCircuit(trouble.send(), undefined);
    for (let time = 0; time < 10; time += 1) fail('a', 1);
    expect(circuit.state).toEqual({ kind: 'closed', failures: 0 });
  });

  it('opens for one work where the server has answered nothing yet and says that it is not ready', () => {
    const { circuit, trouble, fail } = troubleOf(3);
    for (let time = 0; time < 3; time += 1) fail('only', 0, unavailable());
    expect(circuit.state.kind).toBe('open');
    trouble.tellCircuit(trouble.send(), undefined);
    for (let time = 0; time < 10; time += 1) fail('only', 1, unavailable());
    expect(circuit.state.kind).toBe('closed');
  });

  it('stays closed for one work that is told so for longer than a model takes to load: it is given up like any other', async () => {
    const { circuit, fail } = troubleOf(3);
    for (let time = 0; time < 3; time += 1) fail('only', 0, unavailable());
    await vi.advanceTimersByTimeAsync(601_000);
    for (let time = 0; time < 10; time += 1) fail('only', 0, unavailable());
    expect(circuit.state.kind).toBe('closed');
    circuit.close();
  });

  it('hears nothing of calls that were cancelled', () => {
    const { circuit, fail } = troubleOf(1);
    for (const work of ['a', 'b', 'c']) fail(work, 0, stopping());
    expect(circuit.state).toEqual({ kind: 'closed', failures: 0 });
  });
});
