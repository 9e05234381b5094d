import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { traceIdOf } from '../../src/infra/traces/trace-ids.ts';
import { otlpReceiver, type ReceivedSpan } from '../support/fakes/otlp-receiver.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { until } from '../support/until.ts';

const QUESTIONS = 4;
const SPAN_KIND_CLIENT = 3;

const usage = z.object({ input: z.number(), output: z.number() });
const statusSchema = z.object({ stages: z.record(z.string(), z.object({ usage })) });

const STAGES = ['questions', 'research', 'generation', 'review', 'storage'];

function ofStages(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return spans.filter(({ name }) => name.startsWith('process '));
}

function byTrace(spans: readonly ReceivedSpan[]): ReadonlyMap<string, readonly ReceivedSpan[]> {
  return Map.groupBy(spans, ({ traceId }) => traceId);
}

/** Every trace is of one question, is named after it, and goes through all five stages. */
function expectWholeTraces(spans: readonly ReceivedSpan[]): void {
  const traces = byTrace(spans);
  expect(traces.size).toBe(QUESTIONS);
  for (const [traceId, all] of traces) {
    const stages = new Set(ofStages(all).map(({ attributes }) => attributes['millrace.stage']));
    expect([...stages].sort()).toEqual([...STAGES].sort());
    const questions = new Set(ofStages(all).map(({ attributes }) => attributes['millrace.question_id']));
    expect([...questions].map((question) => traceIdOf(`main/${question}`))).toEqual([traceId]);
  }
}

describe('a run whose traces are collected', () => {
  it('makes one trace per question through all five stages, with each call as a child of its stage', async () => {
    const collector = await otlpReceiver();
    const rig = await RunRig.open({
      questions: QUESTIONS,
      script: { sequences: [{ schema: 'candidate', faults: ['500', 'schema-mismatch'] }] },
      flags: ['--quiet', '--otlp-endpoint', collector.url],
    });
    const run = await rig.run();
    expect(run.code, run.stderr).toBe(0);
    const { spans } = collector;
    expect([...collector.services]).toEqual(['millrace']);
    expectWholeTraces(spans);

    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const roots = spans.filter(({ parentSpanId = '' }) => parentSpanId === '');
    expect(roots.map(({ name }) => name)).toEqual(Array(QUESTIONS).fill('send millrace.questions'));
    for (const span of spans)
      if (!roots.includes(span)) expect(byId.get(span.parentSpanId ?? '')?.traceId).toBe(span.traceId);

    const calls = spans.filter(({ name }) => name.startsWith('chat '));
    expect(calls).toHaveLength((await rig.kept()).calls);
    for (const call of calls) {
      const { attributes } = byId.get(call.parentSpanId ?? '') ?? {};
      expect(attributes?.['millrace.stage']).toBe(call.attributes['millrace.stage']);
    }
    expect(calls.filter(({ attributes }) => attributes['error.type'] !== undefined)).toHaveLength(1);
    const failed = spans.flatMap(({ events }) => events);
    expect(failed.map(({ attributes }) => attributes['millrace.failure_kind']).sort()).toEqual([
      'content',
      'transient',
    ]);
  });

  it('says of a call what the conventions for generative AI name, and no word of prompt or answer', async () => {
    const collector = await otlpReceiver();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` };
    const rig = await RunRig.open({ questions: 1, env });
    const run = await rig.run();
    expect(run.code, run.stderr).toBe(0);
    const calls = collector.spans.filter(({ name }) => name.startsWith('chat '));
    expect(calls).toHaveLength(3);
    const { hostname, port } = new URL(rig.server.url);
    for (const { name, kind, attributes } of calls) {
      expect([name, kind]).toEqual(['chat gpt-4o-mini', SPAN_KIND_CLIENT]);
      expect(attributes).toMatchObject({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': expect.any(String),
        'gen_ai.response.finish_reasons': ['stop'],
        'server.address': hostname,
        'server.port': Number(port),
      });
    }
    const { stages } = statusSchema.parse(JSON.parse((await rig.command('status', '--json')).stdout));
    for (const { attributes } of calls)
      expect(stages[String(attributes['millrace.stage'])]?.usage).toMatchObject({
        input: attributes['gen_ai.usage.input_tokens'],
        output: attributes['gen_ai.usage.output_tokens'],
      });
    expect(collector.raw.join('\n')).not.toContain('Why does case');
  });

  it('goes on in the same traces after kill -9', async () => {
    const collector = await otlpReceiver();
    const flags = ['--quiet', '--otlp-endpoint', collector.url];
    const script = { latencyMs: { research: 0, candidate: 60_000, review: 0 } };
    const rig = await RunRig.open({ questions: QUESTIONS, script, flags, ownServer: true });
    const child = rig.start();
    await until('research is told of', () => ofStages(collector.spans).length >= 2 * QUESTIONS);
    child.kill('SIGKILL');
    await child.exited;
    const before = new Set(collector.spans.map(({ traceId }) => traceId));
    expect(before.size).toBe(QUESTIONS);

    const quick = await RunRig.open({ questions: 0 });
    const run = await rig.run('--base-url', quick.server.url);
    expect(run.code, run.stderr).toBe(0);
    expectWholeTraces(collector.spans);
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(before);
  });

  it('loads nothing of OpenTelemetry where no collector is set', async () => {
    const rig = await RunRig.open({ questions: 1 });
    const hook = new URL('../support/process/list-modules.ts', import.meta.url).href;
    const [main = '', ...args] = [new URL('../../src/cli/main.ts', import.meta.url).pathname, ...rig.args()];
    const child = rig.startNode('--import', hook, main, ...args);
    expect((await child.exited).code, child.stderr()).toBe(0);
    const modules = child.stderr().split('\n');
    expect(modules.some((url) => url.includes('/node_modules/undici/'))).toBe(true);
    expect(modules.filter((url) => url.includes('@opentelemetry') || url.includes('otlp'))).toEqual([]);
  });
});
