import type { KafkaMessage } from 'kafkajs';
import type { LogRecord, Unreadable } from '../../../streams/log/log.ts';

/** kafkajs's types leave out that a header may have no value. */
type Header = Buffer | string | null | undefined | readonly (Buffer | string | null)[];
type Message = Omit<KafkaMessage, 'headers'> &
  Readonly<{ headers?: Readonly<Record<string, Header>> | undefined; unreadable?: Unreadable }>;

/** A message of kafkajs as a record of the log. Of a header with several values the last one counts; one without a value is empty. */
export function logRecordOf(topic: string, partition: number, message: Message): LogRecord {
  const { offset, key, value, headers, timestamp, unreadable } = message;
  return {
    topic,
    partition,
    offset: BigInt(offset),
    key: key === null ? null : key.toString(),
    value,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, each]) => [name, headerText(each)]),
    ),
    timestampMs: Number(timestamp),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

function headerText(value: Header): string {
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) return headerText(value.at(-1));
  return value?.toString() ?? '';
}
