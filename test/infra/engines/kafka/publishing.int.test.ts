import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { failureOf } from '../../../support/failure-of.ts';
import { freePorts } from '../../../support/servers/free-ports.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member } from './consumer/member.ts';
import { openKafkaLog } from './open-kafka-log.ts';
import { numbered, openedTopic, total } from './opened.ts';

const MIB = 1_024 * 1_024;

/** Of 2.7 MiB, and 2 MiB however well it is packed. */
const incompressible = (): string => randomBytes(2 * MIB).toString('base64');

await describeOnKafka('what Kafka refuses', (bootstrap) => {
  it('is an outage while no broker answers, for each request', async () => {
    const [port] = await freePorts(1);
    const log = openKafkaLog(`127.0.0.1:${port}`, { tuning: { startWaitMs: 0 } });
    const failures = await Promise.all([
      failureOf(() => log.publish('any', [{ key: 'a', value: 'b' }])),
      failureOf(() => log.ensureTopics([{ topic: 'any', partitions: 1 }])),
      failureOf(() => new Member(log, 'any', 'any').consumer.start()),
    ]);
    expect(failures.map(({ kind }) => kind)).toEqual(['outage', 'outage', 'outage']);
    expect(failures[0]?.message).toContain('ECONNREFUSED');
    await log.close();
  });

  it('is poison when a record is too large, and its neighbours are published', async () => {
    const { log, topic } = await openedTopic(bootstrap);
    const large = failureOf(() => log.publish(topic, [{ key: 'x', value: 'x'.repeat(9 * MIB) }]));
    await Promise.all([log.publish(topic, numbered(10)), log.publish(topic, numbered(10, 10))]);
    expect((await large).kind).toBe('poison');
    expect(total(await log.endOffsets(topic))).toBe(20n);
  });

  it('is poison when only the broker finds a record too large, and each neighbour is there once', async () => {
    const { topic } = await openedTopic(bootstrap, 1, { maxRecordBytes: MIB });
    const generous = openKafkaLog(bootstrap, { maxRecordBytes: 32 * MIB });
    const large = failureOf(() => generous.publish(topic, [{ key: 'x', value: incompressible() }]));
    await Promise.all(numbered(50).map((record) => generous.publish(topic, [record])));
    expect((await large).kind).toBe('poison');
    expect((await large).message).toContain('MESSAGE_TOO_LARGE');
    expect(total(await generous.endOffsets(topic))).toBe(50n);
    await generous.close();
  });

  it('is nothing that a burst of large records meets: batches are bounded by their bytes', async () => {
    const { log, topic, group } = await openedTopic(bootstrap);
    await Promise.all(
      Array.from({ length: 8 }, (_, key) =>
        log.publish(topic, [{ key: String(key), value: incompressible() }]),
      ),
    );
    const member = new Member(log, topic, group);
    await member.consumer.start();
    await until('all have come', () => member.records.length === 8);
  });

  it('is fatal for a topic that is not there, also for its consumer', async () => {
    const { log, topic, group } = await openedTopic(bootstrap);
    const member = new Member(log, `${topic}.missing`, group);
    const failure = await failureOf(() => member.consumer.start());
    expect([failure.kind, failure.code]).toEqual(['fatal', 'unknown_topic']);
  });

  it('is fatal when a topic wants more copies than there are brokers', async () => {
    const { log, topic } = await openedTopic(bootstrap, 1, { replicationFactor: 1 });
    await log.close();
    const greedy = openKafkaLog(bootstrap, { replicationFactor: 9 });
    const failure = await failureOf(() => greedy.ensureTopics([{ topic: `${topic}.more`, partitions: 1 }]));
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('INVALID_REPLICATION_FACTOR');
    await greedy.close();
  });

  it('is not that two processes make the same topic at once', async () => {
    const { log, topic } = await openedTopic(bootstrap);
    const other = openKafkaLog(bootstrap);
    const spec = [{ topic: `${topic}.shared`, partitions: 2 }];
    await Promise.all([log.ensureTopics(spec), other.ensureTopics(spec)]);
    expect((await log.endOffsets(`${topic}.shared`)).size).toBe(2);
    await other.close();
  });

  it('loses nothing that was given to it before it is closed', async () => {
    const { log, topic } = await openedTopic(bootstrap);
    const other = openKafkaLog(bootstrap);
    await other.ensureTopics([{ topic, partitions: 1 }]);
    const published = Promise.all(numbered(1_200).map((record) => other.publish(topic, [record])));
    await other.publish(topic, []);
    await other.close();
    await published;
    expect(total(await log.endOffsets(topic))).toBe(1_200n);
  });
});
