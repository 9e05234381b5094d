import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { replaceMethod } from '../../../../src/infra/engines/kafka/patches/kafkajs-method.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { freePorts } from '../../../support/servers/free-ports.ts';
import { describeOnKafka, describeWithBrokers } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member } from './consumer/member.ts';
import { openKafkaLog } from './open-kafka-log.ts';
import { numbered, openedTopic } from './opened.ts';

const { KafkaJSGroupCoordinatorNotFound } = createRequire(import.meta.url)('kafkajs/src/errors.js');

/** Groups are refused for want of a coordinator, as they are while `__consumer_offsets` has no leader. */
let noCoordinator = false;
replaceMethod('cluster/index', 'findGroupCoordinator', (original) => {
  return async function (this, ...args) {
    if (noCoordinator) throw new KafkaJSGroupCoordinatorNotFound('Failed to find group coordinator');
    return original.apply(this, [...args]);
  };
});

await describeOnKafka('a consumer that starts before its coordinator', (bootstrap) => {
  it('waits for it, says so once, and reads', async () => {
    const alarms = new Alarms();
    const { log, topic, group } = await openedTopic(bootstrap, 1, { alarms });
    await log.publish(topic, numbered(3));
    noCoordinator = true;
    const member = new Member(log, topic, group);
    const started = member.consumer.start();
    const alarm = await until('it says so', () => alarms.open[0]);
    expect(alarm.kind).toBe('consumer_lost');
    expect(alarm.text).toContain('Failed to find group coordinator');
    noCoordinator = false;
    await started;
    expect(alarms.open).toEqual([]);
    await until('all have come', () => member.records.length === 3);
    expect(member.failures).toEqual([]);
  });

  it('gives up after a while, and says what to do', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 1, { tuning: { startWaitMs: 500 } });
    noCoordinator = true;
    const failure = await failureOf(() => new Member(log, topic, group).consumer.start());
    noCoordinator = false;
    expect(failure.kind).toBe('outage');
    expect(failure.message).toContain('Do the brokers run');
  });

  it('joins again when the coordinator is lost later', async () => {
    const alarms = new Alarms();
    const { log, topic, group } = await openedTopic(bootstrap, 1, { alarms });
    const first = new Member(log, topic, group);
    await first.consumer.start();
    noCoordinator = true;
    // Another member makes the first one join again, which needs the coordinator.
    const second = new Member(openKafkaLog(bootstrap), topic, group);
    const started = second.consumer.start();
    noCoordinator = false;
    await started;
    await until('one of the two has the partition', () => first.owned.length + second.owned.length === 1);
    await log.publish(topic, numbered(3));
    await until('all have come', () => first.records.length + second.records.length === 3);
    expect([...first.failures, ...second.failures]).toEqual([]);
  });
});

await describeWithBrokers('a log on a broker that is not up yet', (start) => {
  it('waits for it with a notice, makes its topics and consumes', async () => {
    const cluster = await start();
    await cluster.kill();
    const notices: string[] = [];
    const log = openKafkaLog(cluster.address, {
      onNotice: (text) => void notices.push(text),
      tuning: { startWaitMs: 120_000 },
    });
    const topics = log.ensureTopics([{ topic: 'early', partitions: 1 }]);
    await until('it says that it waits', () => notices.length > 0);
    await cluster.restart();
    await topics;
    const member = new Member(log, 'early', 'early');
    await member.consumer.start();
    await log.publish('early', numbered(2));
    await until('all have come', () => member.records.length === 2);
    expect(notices).toHaveLength(1);
    await member.consumer.stop();
    await log.close();
  });

  it('that never comes, is told of with what to do', async () => {
    const [port] = await freePorts(1);
    const log = openKafkaLog(`127.0.0.1:${port}`, { tuning: { startWaitMs: 0 } });
    const failure = await failureOf(() => log.ensureTopics([{ topic: 'never', partitions: 1 }]));
    expect(failure.kind).toBe('outage');
    expect(failure.message).toContain('--kafka or MILLRACE_KAFKA');
    await log.close();
  });
});
