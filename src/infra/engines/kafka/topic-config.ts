import { MAX_RECORD_BYTES } from '../../../stages/limits.ts';

/** What Millrace sets on a Kafka topic that it makes: records stay until somebody takes them out. */
export const TOPIC_CONFIG: Readonly<Record<'retention.ms' | 'max.message.bytes', string>> = {
  'retention.ms': '-1',
  'max.message.bytes': String(MAX_RECORD_BYTES),
};
