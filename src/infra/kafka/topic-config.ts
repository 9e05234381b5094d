/** The largest record of a topic, in bytes. */
export const MAX_RECORD_BYTES = 8 * 1_024 * 1_024;

/** What Millrace sets on a Kafka topic that it makes: records stay until somebody takes them out. */
export const TOPIC_CONFIG: Readonly<Record<'retention.ms' | 'max.message.bytes', string>> = {
  'retention.ms': '-1',
  'max.message.bytes': String(MAX_RECORD_BYTES),
};
