import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../../streams/log.ts';

/** A message of kafkajs as a record of the log. Of a header with several values the last one counts. */
export function recordOf(topic: string, partition: number, message: KafkaMessage): LogRecord {
  const { offset, key, value, headers = {}, timestamp } = message;
  return {
    topic,
    partition,
    offset: BigInt(offset),
    key: key === null ? null : key.toString(),
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, headerText(each)])),
    timestampMs: Number(timestamp),
  };
}

function headerText(value: Buffer | string | (Buffer | string)[] | undefined): string {
  if (Array.isArray(value)) return headerText(value.at(-1));
  return value === undefined ? '' : value.toString();
}
