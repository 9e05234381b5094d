import { describe, expect, it } from 'vitest';
import type { StageTracer, TracedWork } from '../../../src/streams/delivery/stage-tracer.ts';
import { keyOf, questionRecord } from '../../support/stage/test-stage.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const traced = questionRecord('q1', { headers: { traceparent } });

function tracerOf(journal: string[]) {
  const seen: TracedWork[] = [];
  const tracer: StageTracer = {
    work: async (about, act) => {
      seen.push(about);
      journal.push('begin');
      const outcome = await act();
      journal.push(outcome.kind);
      return outcome;
    },
  };
  return { seen, tracer };
}

describe('a record that is traced', () => {
  it('is worked within its trace, and settled after it', async () => {
    const { workWith, journal } = workBench();
    const { seen, tracer } = tracerOf(journal);
    await workWith({ tracer })(traced);
    expect(seen).toEqual([{ stage: 'research', record: traced, work: keyOf('q1'), ownTrace: false }]);
    expect([journal.at(0), journal.slice(-2)]).toEqual(['begin', ['settled', 'settle']]);
  });

  it('is traced where it cannot be decoded', async () => {
    const { workWith, journal } = workBench();
    const { seen, tracer } = tracerOf(journal);
    await workWith({ tracer })({ ...traced, value: '?' });
    expect(seen).toMatchObject([{ work: undefined }]);
    expect(journal).toContain('dead-lettered');
  });

  it('passes its trace on where nobody traces', async () => {
    const { work, log } = workBench();
    await work(traced);
    expect(log.published[0]?.record.headers).toEqual({ traceparent });
  });

  it('keeps its trace when it dies', async () => {
    const { work, log } = workBench();
    await work({ ...traced, value: '?' });
    expect(log.published[0]?.record.headers).toMatchObject({ traceparent });
  });

  it('gives no trace to what begins one of its own, as a replay does', async () => {
    const { work, log } = workBench({ ownTrace: true });
    await work(traced);
    expect(log.published[0]?.record.headers).toBeUndefined();
  });
});
