import type { LogRecord, Offset } from '../../../src/streams/log/log.ts';

export function logRecord(overrides: Partial<LogRecord> = {}): LogRecord {
  return {
    topic: 'in',
    partition: 0,
    offset: 0n,
    key: 'k',
    value: '{}',
    headers: {},
    timestampMs: 0,
    ...overrides,
  };
}

/** Records of one partition at these offsets. */
export function recordsAt(partition: number, offsets: readonly (Offset | number)[]): LogRecord[] {
  return offsets.map((offset) => logRecord({ partition, offset: BigInt(offset) }));
}
