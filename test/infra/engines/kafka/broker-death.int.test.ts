import { expect, it } from 'vitest';
import { Alarms } from '../../../../src/streams/alarms.ts';
import type { Log, OutgoingRecord } from '../../../../src/streams/log/log.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeWithBrokers } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member, Reader } from './consumer/member.ts';
import { isDone, numbered, openedTopic } from './opened.ts';

const AT_ONCE = 20;

/** Publishes records without end, each until it is acknowledged, and notes what came in between. */
class Publisher {
  readonly acknowledged: string[] = [];
  readonly failures = new Set<string>();
  #ended = false;
  readonly #log: Log;
  readonly #topic: string;

  constructor(log: Log, topic: string) {
    this.#log = log;
    this.#topic = topic;
  }

  async run(): Promise<void> {
    for (let next = 0; !this.#ended; next += AT_ONCE) await this.#publish(numbered(AT_ONCE, next));
  }

  end(): void {
    this.#ended = true;
  }

  async #publish(records: readonly OutgoingRecord[]): Promise<void> {
    for (;;) {
      try {
        await this.#log.publish(this.#topic, records);
        this.acknowledged.push(...records.map(({ key }) => key));
        return;
      } catch (error) {
        this.failures.add(error instanceof Error && 'kind' in error ? String(error.kind) : String(error));
      }
    }
  }
}

await describeWithBrokers('a broker that dies under load', (start) => {
  it.for([
    { brokers: 1, copies: 1 },
    { brokers: 3, copies: 3 },
  ])(
    'and comes back, of $brokers: nothing acknowledged is lost, and reading goes on',
    async ({ brokers, copies }) => {
      const journal: ('alarm' | 'joined')[] = [];
      const alarms = new Alarms();
      alarms.changes.subscribe(({ kind }) => void (kind === 'raised' && journal.push('alarm')));
      const cluster = await start(brokers);
      const { log, topic, group } = await openedTopic(cluster.address, 6, {
        replicationFactor: copies,
        alarms,
      });
      const consumer = log.consumer.bind(log);
      log.consumer = ({ receiver, ...rest }) => {
        const onAssigned: typeof receiver.onAssigned = (partitions) => {
          journal.push('joined');
          receiver.onAssigned(partitions);
        };
        return consumer({ ...rest, receiver: { ...receiver, onAssigned } });
      };
      const reader = new Reader(log, { topic, group, credits: 20 });
      const publisher = new Publisher(log, topic);
      const published = publisher.run();
      await until('records flow', () => reader.values.length > 500);
      await cluster.kill(0);
      if (brokers > 1) {
        const before = publisher.acknowledged.length;
        await until(
          'publishing goes on without it',
          () => publisher.acknowledged.length > before + 500,
          60_000,
        );
      }
      await cluster.restart(0);
      const then = publisher.acknowledged.length;
      await until('publishing goes on with it', () => publisher.acknowledged.length > then + 500);
      publisher.end();
      await published;
      await until('all is committed', () => isDone(log, topic, group));
      const seen = new Set(reader.values);
      expect(publisher.acknowledged.filter((value) => !seen.has(value))).toEqual([]);
      expect([...publisher.failures].filter((kind) => kind !== 'outage')).toEqual([]);
      expect(reader.failures).toEqual([]);
      // A consumer without any broker crashes, and a person hears of it: once, until it is back in its group.
      if (brokers === 1) expect(journal).toContain('alarm');
      expect(journal.join(' ')).not.toContain('alarm alarm');
    },
  );

  it('answers neither commits nor publishing for ever while it is frozen, and all goes on afterwards', {
    timeout: 400_000,
  }, async () => {
    const cluster = await start();
    const { log, topic, group } = await openedTopic(cluster.address, 1);
    await log.publish(topic, numbered(2));
    const member = new Member(log, topic, group);
    await member.consumer.start();
    await until('both have come', () => member.records.length === 2);
    cluster.freeze();
    const published = failureOf(() => log.publish(topic, numbered(1, 2)));
    expect(await member.consumer.commit(0, 1n)).toBe('failed');
    expect((await published).kind).toBe('outage');
    cluster.thaw();
    const publisher = new Publisher(log, topic);
    const flowing = publisher.run();
    await until('records flow', () => member.records.length > 200, 150_000);
    publisher.end();
    await flowing;
    await until('it commits', async () => (await member.consumer.commit(0, 2n)) === 'committed', 150_000);
  });
});
