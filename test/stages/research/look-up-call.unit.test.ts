import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type LookUpCall, lookUpAct } from '../../../src/stages/research/look-up-call.ts';
import { progressAt } from '../../../src/stages/research/look-up-progress.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { type CallGate, permitGate } from '../../../src/streams/limits/call-gate.ts';
import { EndpointGate } from '../../../src/streams/limits/endpoint-gate.ts';
import { Permits } from '../../../src/streams/limits/permits.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { keyOf, questionRecord } from '../../support/stage/test-stage.ts';
import { searchTool } from '../../support/stage/tool-rig.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const never = new AbortController().signal;
const away = new Failure('outage', 'away', 'The server is away.', { outageSignal: true });
const limited = new Failure('transient', 'rate_limited', 'Too many.', {
  pressure: 'rate-limit',
  retryAfterMs: 3_600_000,
});

/** One look-up as the step of a work, by a tool that fails so. */
function lookedUpWith(run: () => Promise<never>, whenDown: 'wait' | 'tell', gate: CallGate) {
  const tool = searchTool({ whenDown, run });
  const look: LookUpCall = {
    call: { id: 'c', name: tool.name, args: '{"query":"bees"}' },
    key: 'result/turn/0/0',
    tools: new Map([[tool.name, { tool, check: () => undefined, gate }]]),
    stood: progressAt([], 0, 'tools'),
    ...{ sources: undefined, before: [], number: () => [], bound: undefined },
  };
  const bench = workBench({
    byStep: async () => (steps) =>
      steps.length === 0
        ? { kind: 'act', acts: [lookUpAct(look)] }
        : { kind: 'finish', result: 'done', model: '', recipe: '' },
    run: () => expect.unreachable(),
  });
  const work = bench.workWith({ policy: retryPolicy({ random: () => 0 }) });
  return { ...bench, ended: work(questionRecord('q1')) };
}

describe('a tool that is down', () => {
  it.each([away, limited])('is told of after a few tries where it tells: $code', async (failure) => {
    const run = vi.fn(() => Promise.reject(failure));
    const { ended, store } = lookedUpWith(run, 'tell', permitGate(new Permits(1, never)));
    expect(await ended).toMatchObject({ kind: 'settled' });
    expect(run).toHaveBeenCalledTimes(4);
    const [step] = await store.steps(workIdOf(keyOf('q1')));
    expect(step?.body).toMatchObject({ outcome: 'failed', code: failure.code, text: failure.message });
  });

  it('is told of in other words where its own are for people alone', async () => {
    const told = 'The server has ended.';
    const gone = new Failure('transient', 'gone', 'It said: TOKEN=abc', { told });
    const { ended, store } = lookedUpWith(
      () => Promise.reject(gone),
      'wait',
      permitGate(new Permits(1, never)),
    );
    expect(await ended).toMatchObject({ kind: 'settled' });
    const [step] = await store.steps(workIdOf(keyOf('q1')));
    expect(step?.body).toMatchObject({ outcome: 'failed', code: 'gone', text: told });
  });

  it('holds the work where it waits: nobody is told, and no attempt counts', async () => {
    const endpoint = new EndpointGate({ name: 'wiki', stop: never });
    onTestFinished(() => endpoint.close());
    const run = vi.fn(() => Promise.reject(away));
    const bench = lookedUpWith(run, 'wait', endpoint.stage('search', 1));
    await vi.waitFor(() => expect(endpoint.circuit.state.kind).toBe('open'));
    expect(await bench.store.steps(workIdOf(keyOf('q1')))).toEqual([]);
    bench.stop.drain();
    bench.stop.abort();
    expect(await bench.ended).toMatchObject({ kind: 'abandoned' });
  });
});
