import { createServer } from 'node:http';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { openTraces } from '../../../src/infra/traces/open-traces.ts';
import { otlpTraces } from '../../../src/infra/traces/otlp-traces.ts';
import { traceIdOf } from '../../../src/infra/traces/trace-ids.ts';
import type { StageOutcome } from '../../../src/streams/delivery/stage-events.ts';
import { poison } from '../../support/failures.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { otlpReceiver } from '../../support/fakes/otlp-receiver.ts';
import { logRecord } from '../../support/stage/records.ts';
import { workKey } from '../../support/stage/work.ts';

const foreign = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${foreign.traceId}-${foreign.spanId}-01`;
const skipped: StageOutcome = { kind: 'skipped' };
const repeated: StageOutcome = { kind: 'repeated', work: workKey(), dead: false };

async function opened(content = false) {
  const collector = await otlpReceiver();
  const traces = otlpTraces({ url: `${collector.url}/v1/traces`, system: 'kafka', content });
  const fake = new FakeLog();
  const log = traces.ofLog(fake);
  const work = (outcome: StageOutcome, headers = {}, ownTrace = false, act = async () => {}) =>
    traces.tracer.work(
      { stage: 'research', record: logRecord({ headers, offset: 7n }), work: workKey(), ownTrace },
      async () => {
        await act();
        return outcome;
      },
    );
  return { collector, traces, fake, log, work };
}

const request = {
  stage: 'research',
  messages: [{ role: 'user', content: 'a prompt' }],
  answer: { name: 'research', schema: {} },
  settings: { model: 'm', temperature: 0.5 },
} as const;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('the traces of a process', () => {
  it('go on with the trace that a record names, and name the place of the record', async () => {
    const { collector, traces, work } = await opened();
    await work(repeated, { traceparent });
    await traces.close();
    expect(collector.spans).toMatchObject([
      { traceId: foreign.traceId, parentSpanId: foreign.spanId, name: 'process in', kind: 5 },
    ]);
    expect(collector.spans[0]?.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'in',
      'messaging.destination.partition.id': '0',
      'messaging.kafka.offset': 7,
      'millrace.stage': 'research',
      'millrace.work_id': 'main/q1/research/0',
      'millrace.outcome': 'repeated',
    });
  });

  it('are named after question and lane where a record names none, names garbage, or is replayed', async () => {
    const { collector, traces, work } = await opened();
    await work(repeated);
    await work(repeated, { traceparent: '00-garbage' });
    await work(repeated, { traceparent }, true);
    await traces.close();
    expect(collector.spans.map(({ traceId }) => traceId)).toEqual(Array(3).fill(traceIdOf('main/q1')));
  });

  it('have no span of a record that is none of the stage’s, and tell why one died', async () => {
    const { collector, traces, work } = await opened();
    await work(skipped);
    await work({ kind: 'dead-lettered', work: workKey(), failure: poison() });
    await traces.close();
    expect(collector.spans).toHaveLength(1);
    expect(collector.spans[0]).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': poison().code, 'millrace.failure_kind': 'poison' },
    });
  });

  it('are not begun where the trace of a record is not sampled, and its records say so too', async () => {
    const { collector, traces, fake, log, work } = await opened();
    const publish = () => log.publish('next', [{ key: 'q1', value: '' }]);
    await work(repeated, { traceparent: traceparent.replace(/1$/, '0') }, false, publish);
    await traces.close();
    expect(collector.spans).toEqual([]);
    expect(fake.published[0]?.record.headers?.['traceparent']).toMatch(
      new RegExp(`^00-${foreign.traceId}-[0-9a-f]{16}-00$`),
    );
  });

  it('carry prompt and answer only where that is asked for', async () => {
    for (const content of [false, true]) {
      const { collector, traces, work } = await opened(content);
      const model = traces.ofModel(new FakeModel({ text: 'an answer' }));
      const call = () => model.complete(request, new AbortController().signal);
      await work(repeated, {}, false, async () => void (await call()));
      await traces.close();
      const all = collector.raw.join('\n');
      expect([all.includes('a prompt'), all.includes('an answer')]).toEqual([content, content]);
    }
  });

  it('stop nobody where the collector is away', async () => {
    const traces = otlpTraces({ url: 'http://127.0.0.1:9/v1/traces', system: 'millrace', content: false });
    const fake = new FakeLog();
    await traces.ofLog(fake).publish('millrace.questions', [{ key: 'q1', value: '', trace: 'main/q1' }]);
    await traces.close();
    expect(fake.published).toHaveLength(1);
  });

  it('that a collector does not take in time are told of at the end, once', async () => {
    const collector = createServer(() => undefined);
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      collector.closeAllConnections();
      collector.close();
    });
    const { port } = z.object({ port: z.number() }).parse(collector.address());
    const told: string[] = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const traces = otlpTraces({
      ...{ url: `http://127.0.0.1:${port}/v1/traces`, system: 'millrace', content: false },
      onTrouble: (text) => void told.push(text),
    });
    await traces.ofLog(new FakeLog()).publish('in', [{ key: 'q1', value: '', trace: 'main/q1' }]);
    const closed = traces.close();
    await vi.advanceTimersByTimeAsync(10_000);
    await closed;
    expect(told).toEqual(['The collector did not take the last traces in 3 s; they may be lost.']);
  });

  it('are off unless a collector is set, and where OpenTelemetry is disabled', async () => {
    const settings = { otlpEndpoint: undefined, traceContent: false, kafka: undefined };
    await expect(openTraces({ settings })).resolves.toBeUndefined();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    const traces = await openTraces({ settings });
    expect(traces).toBeDefined();
    await traces?.close();
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    await expect(openTraces({ settings })).resolves.toBeUndefined();
  });
});
