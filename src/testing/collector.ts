import type { Consumer, Log, LogRecord, Offset, Receiver } from '../streams/log/log.ts';
import { until } from './until.ts';

export type CollectorOptions = Readonly<{
  topic: string;
  group: string;
  /** The most records of a partition that are taken; it is paused then. Default: any number. */
  limit?: number;
}>;

/** A consumer that keeps what it is given. A record that comes twice is kept once: delivery is at least once. */
export class Collector {
  readonly consumer: Consumer;
  assigned: readonly number[] = [];
  readonly failures: unknown[] = [];
  /** Broken promises of the log, in words. */
  readonly complaints: string[] = [];
  limit: number;
  readonly #records = new Map<number, LogRecord[]>();

  constructor(log: Log, { topic, group, limit = Number.POSITIVE_INFINITY }: CollectorOptions) {
    this.limit = limit;
    const receiver: Receiver = {
      onAssigned: (partitions) => {
        this.assigned = partitions.map(({ partition }) => partition);
      },
      onRecords: (partition, records) => this.#take(partition, records),
      onFailed: (error) => void this.failures.push(error),
    };
    this.consumer = log.consumer({ topic, group, receiver });
  }

  get records(): readonly LogRecord[] {
    return [...this.#records.values()].flat();
  }

  of(partition: number): readonly LogRecord[] {
    return this.#records.get(partition) ?? [];
  }

  /** Waits until so many different records have come. */
  async waitFor(count: number): Promise<readonly LogRecord[]> {
    await until(`${count} records come`, () => this.records.length >= count);
    return this.records;
  }

  #take(partition: number, records: readonly LogRecord[]): number {
    if (records.length === 0) this.complaints.push('no records were delivered');
    const kept = this.#records.get(partition) ?? [];
    this.#records.set(partition, kept);
    let last: Offset | undefined;
    let taken = 0;
    for (const record of records) {
      if (last !== undefined && record.offset <= last) this.complaints.push(`${record.offset} after ${last}`);
      last = record.offset;
      const known = kept.at(-1);
      const fresh = known === undefined || record.offset > known.offset;
      if (fresh && kept.length >= this.limit) {
        this.consumer.pause(partition);
        break;
      }
      if (fresh) kept.push(record);
      taken += 1;
    }
    return taken;
  }
}

/** The value's bytes: an adapter gives text or bytes, as it has them at hand. */
export function bytesOf({ value }: Pick<LogRecord, 'value'>): Buffer | null {
  return value === null ? null : Buffer.from(value);
}

export function textOf(record: Pick<LogRecord, 'value'>): string | undefined {
  return bytesOf(record)?.toString('utf8');
}
