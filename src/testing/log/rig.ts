import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Log, OutgoingRecord } from '../../streams/log/log.ts';
import { Collector, type CollectorOptions } from '../collector.ts';

/** A log to be tested, and the same one opened by another process or after a restart. */
export type OpenedLog = Readonly<{ log: Log; reopen(): Promise<Log>; close(): Promise<void> }>;

/** A test's own topic on a log, with what a test does to it. */
export class LogRig {
  readonly topic = `conformance.${randomUUID()}`;
  readonly #opened: OpenedLog;
  #log: Log;
  readonly #collectors: Collector[] = [];

  private constructor(opened: OpenedLog) {
    this.#opened = opened;
    this.#log = opened.log;
  }

  static async open(open: () => Promise<OpenedLog>, partitions = 1): Promise<LogRig> {
    const rig = new LogRig(await open());
    onTestFinished(async () => {
      await Promise.all(rig.#collectors.map(({ consumer }) => consumer.stop()));
      await rig.#opened.close();
    });
    await rig.log.ensureTopics([{ topic: rig.topic, partitions }]);
    return rig;
  }

  get log(): Log {
    return this.#log;
  }

  async restart(): Promise<void> {
    await Promise.all(this.#collectors.splice(0).map(({ consumer }) => consumer.stop()));
    this.#log = await this.#opened.reopen();
  }

  publish(...records: readonly OutgoingRecord[]): Promise<void> {
    return this.log.publish(this.topic, records);
  }

  async publishTexts(texts: readonly string[], key = 'a'): Promise<void> {
    await this.publish(...texts.map((value) => ({ key, value })));
  }

  /** A started consumer on the rig's topic. */
  async collect(group: string, options: Partial<CollectorOptions> = {}): Promise<Collector> {
    const collector = new Collector(this.log, { topic: this.topic, group, ...options });
    this.#collectors.push(collector);
    await collector.consumer.start();
    return collector;
  }

  newGroup(): string {
    return `conformance.${randomUUID()}`;
  }
}

export type OpenRig = (partitions?: number) => Promise<LogRig>;
