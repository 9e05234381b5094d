import { beforeEach, expect, it } from 'vitest';
import { replaceMethod } from '../../../../../src/infra/engines/kafka/patches/kafkajs-method.ts';
import { Alarms } from '../../../../../src/streams/alarms.ts';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { isDone, numbered, openedTopic } from '../opened.ts';
import { Member, Reader } from './member.ts';

type Trouble = 'none' | 'heartbeats hang' | 'fetches bring nothing';

let trouble: Trouble = 'none';

// What was seen of kafkajs on a real cluster, made to happen: a loop that waits for ever and emits nothing, and one that
// turns and reads nothing.
replaceMethod('consumer/consumerGroup', 'heartbeat', (original) => {
  return function (this, ...args) {
    return trouble === 'heartbeats hang' ? new Promise(() => undefined) : original.apply(this, [...args]);
  };
});
replaceMethod('consumer/consumerGroup', 'fetch', (original) => {
  return async function (this, ...args) {
    const batches = await original.apply(this, [...args]);
    return trouble === 'fetches bring nothing' ? [] : batches;
  };
});

const TUNING = { sessionTimeoutMs: 3_000, heartbeatIntervalMs: 200, stallMs: 2_000 };

await describeOnKafka('a consumer that hangs', (bootstrap) => {
  beforeEach(() => {
    trouble = 'none';
  });

  it.for(['heartbeats hang', 'fetches bring nothing'] as const)(
    'because its %s, is seen, told once, and reads on after joining anew',
    async (which) => {
      const alarms = new Alarms();
      const { log, topic, group } = await openedTopic(bootstrap, 2, { alarms, tuning: TUNING });
      const told: string[] = [];
      alarms.changes.subscribe(({ kind, alarm }) => told.push(`${kind} ${alarm.kind}`));
      const reader = new Reader(log, { topic, group, credits: 10 });
      await log.publish(topic, numbered(50));
      await until('it reads', () => reader.values.length === 50);
      await until('all are committed', () => isDone(log, topic, group));
      trouble = which;
      await log.publish(topic, numbered(50, 50));
      const alarm = await until('it is seen', () => alarms.open[0]);
      expect(alarm).toMatchObject({ kind: 'consumer_stalled', subject: topic });
      expect(alarm.text).toContain('joins it anew');
      trouble = 'none';
      await until('all are committed', () => isDone(log, topic, group));
      expect(new Set(reader.values).size).toBe(100);
      expect(reader.failures).toEqual([]);
      expect(told.filter((text) => text === 'raised consumer_stalled')).toHaveLength(1);
      await until('it is over', () => alarms.open.length === 0);
    },
  );

  it('fails when joining anew does not help, and says so', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 1, { tuning: { ...TUNING, stallMs: 1_000 } });
    const member = new Member(log, topic, group);
    await member.consumer.start();
    trouble = 'fetches bring nothing';
    await log.publish(topic, numbered(5));
    const failure = await until('it fails', () => member.failures[0], 120_000);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'consumer_stalled' });
    expect(String(failure)).toContain('reads nothing of 5 records in the partitions 0');
  });

  it('is not one that is held back by its credits, or has read everything', async () => {
    const alarms = new Alarms();
    const { log, topic, group } = await openedTopic(bootstrap, 2, {
      alarms,
      tuning: { ...TUNING, stallMs: 1_000 },
    });
    await log.publish(topic, numbered(500));
    const held = new Reader(log, { topic, group, credits: 4 }, true);
    const idle = new Member(log, topic, `${group}.idle`);
    await idle.consumer.start();
    await until('one reads all, the other its credits', () => {
      return idle.records.length === 500 && held.source.unsettled === 4;
    });
    // Records elsewhere show that time goes on, for longer than a stall takes.
    const startMs = performance.now();
    await until('a while passes', () => performance.now() - startMs > 3_000);
    expect(alarms.open).toEqual([]);
  });
});
