import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Delivery } from '../../../../../src/streams/delivery/delivery.ts';
import {
  DeliverySource,
  type DeliverySourceOptions,
} from '../../../../../src/streams/delivery/delivery-source.ts';
import type { Consumer, Log, LogRecord } from '../../../../../src/streams/log/log.ts';

type Assigned = Readonly<{ partition: number; kept: boolean }>;

/** A bare consumer that takes everything and keeps what it is told. It leaves its group with the test. */
export class Member {
  readonly consumer: Consumer;
  readonly assignments: (readonly Assigned[])[] = [];
  readonly records: LogRecord[] = [];
  readonly failures: unknown[] = [];

  constructor(log: Log, topic: string, group: string) {
    this.consumer = log.consumer({
      topic,
      group,
      receiver: {
        onAssigned: (partitions) => void this.assignments.push(partitions),
        onRecords: (_, records) => this.records.push(...records) && records.length,
        onFailed: (error) => void this.failures.push(error),
      },
    });
    onTestFinished(() => this.consumer.stop());
  }

  /** The partitions of the newest assignment. */
  get owned(): readonly number[] {
    return (this.assignments.at(-1) ?? []).map(({ partition }) => partition).toSorted((a, b) => a - b);
  }

  get kept(): readonly number[] {
    return (this.assignments.at(-1) ?? []).flatMap(({ partition, kept }) => (kept ? [partition] : []));
  }
}

/** A stage's reader: takes records by credit and settles each in a moment, unless told to hold them. It stops with the test. */
export class Reader {
  readonly source: DeliverySource;
  readonly values: string[] = [];
  readonly held: Delivery[] = [];
  readonly failures: unknown[] = [];
  #holding: boolean;

  constructor(log: Log, options: DeliverySourceOptions, holding = false) {
    this.#holding = holding;
    this.source = new DeliverySource(log, options);
    this.source.deliveries.subscribe({
      next: (delivery) => this.#take(delivery),
      error: (error) => void this.failures.push(error),
    });
    onTestFinished(() => this.source.close());
  }

  /** Settles what is held, and holds nothing more. */
  release(): void {
    this.#holding = false;
    for (const delivery of this.held.splice(0)) void this.#settle(delivery);
  }

  #take(delivery: Delivery): void {
    if (this.#holding) this.held.push(delivery);
    else void this.#settle(delivery);
  }

  async #settle(delivery: Delivery): Promise<void> {
    await setImmediate();
    this.values.push(String(delivery.record.value));
    delivery.settle();
  }
}
