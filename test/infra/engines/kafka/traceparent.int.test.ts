import { expect, it } from 'vitest';
import { otlpTraces } from '../../../../src/infra/traces/otlp-traces.ts';
import { traceIdOf } from '../../../../src/infra/traces/trace-ids.ts';
import { traceContextOf } from '../../../../src/streams/log/trace-context.ts';
import { Collector } from '../../../../src/testing/collector.ts';
import { otlpReceiver } from '../../../support/fakes/otlp-receiver.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { openedTopic } from './opened.ts';

await describeOnKafka('a trace on Kafka', (bootstrap) => {
  it('goes with its record in the header traceparent', async () => {
    const receiver = await otlpReceiver();
    const traces = otlpTraces({ url: `${receiver.url}/v1/traces`, system: 'kafka', content: false });
    const { log, topic, group } = await openedTopic(bootstrap);
    await traces.ofLog(log).publish(topic, [{ key: 'q1', value: '{}', trace: 'main/q1' }]);
    const collector = new Collector(log, { topic, group });
    await collector.consumer.start();
    const [record] = await collector.waitFor(1);
    await collector.consumer.stop();
    await traces.close();
    const [sent] = receiver.spans;
    expect(sent).toMatchObject({ name: `send ${topic}`, traceId: traceIdOf('main/q1') });
    expect(traceContextOf({ headers: record?.headers ?? {} })).toEqual({
      traceId: sent?.traceId,
      spanId: sent?.spanId,
      sampled: true,
    });
  });
});
