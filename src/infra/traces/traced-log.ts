import { type Span, SpanKind } from '@opentelemetry/api';
import type { Log, OutgoingRecord } from '../../streams/log/log.ts';
import { TRACEPARENT } from '../../streams/log/trace-context.ts';
import { ATTRIBUTE } from './span-names.ts';
import { endWithFailure, type SpanSource, traceparentFrom } from './span-source.ts';
import { traceIdOf } from './trace-ids.ts';
import type { MessagingSystem } from './work-spans.ts';

/** The log, with a span for each record that is published, from the call until the brokers have it. */
export function tracedLog(log: Log, spans: SpanSource, system: MessagingSystem): Log {
  const spanOf = (topic: string, { key, trace }: OutgoingRecord): Span | undefined => {
    const attributes = {
      [ATTRIBUTE.system]: system,
      [ATTRIBUTE.operationName]: 'send',
      [ATTRIBUTE.operationType]: 'send',
      [ATTRIBUTE.destination]: topic,
      [ATTRIBUTE.kafkaKey]: key,
    };
    const start = { name: `send ${topic}`, kind: SpanKind.PRODUCER, attributes };
    const { current } = spans;
    if (current !== undefined) return spans.below(current, start);
    return trace === undefined ? undefined : spans.first(traceIdOf(trace), start);
  };

  const publish = async (topic: string, records: readonly OutgoingRecord[]): Promise<void> => {
    const started = records.map((record) => ({ record, span: spanOf(topic, record) }));
    try {
      await log.publish(topic, started.map(withHeader));
      for (const { span } of started) span?.end();
    } catch (error) {
      for (const { span } of started) if (span !== undefined) endWithFailure(span, error);
      throw error;
    }
  };

  return {
    publish,
    ensureTopics: (topics) => log.ensureTopics(topics),
    consumer: (subscription) => log.consumer(subscription),
    beginningOffsets: (topic) => log.beginningOffsets(topic),
    endOffsets: (topic) => log.endOffsets(topic),
    offsetsAt: (topic, timestampMs) => log.offsetsAt(topic, timestampMs),
    committedOffsets: (group, topic) => log.committedOffsets(group, topic),
    setOffsets: (group, topic, offsets) => log.setOffsets(group, topic, offsets),
    deleteGroup: (group) => log.deleteGroup(group),
    close: () => log.close(),
  };
}

function withHeader({ record, span }: Readonly<{ record: OutgoingRecord; span: Span | undefined }>) {
  if (span === undefined) return record;
  return { ...record, headers: { ...record.headers, [TRACEPARENT]: traceparentFrom(span) } };
}
