import { expect, it } from 'vitest';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { KafkaLogAdmin } from '../../../../src/infra/engines/kafka/log-admin.ts';
import { describeLogAdmin } from '../../../../src/testing/log-admin-suite.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { openKafkaLog } from './open-kafka-log.ts';

await describeOnKafka('operators on Kafka', (bootstrap) => {
  const open = async () => {
    const log = openKafkaLog(bootstrap);
    const kafka = kafkaClient({ clientId: 'test-admin', brokers: bootstrap.split(',') });
    const admin = new KafkaLogAdmin(kafka, (topic, records) => log.publish(topic, records));
    const close = async () => {
      await Promise.all([log.close(), admin.close()]);
    };
    return { log, admin, close };
  };

  describeLogAdmin('Kafka', open);

  it('sees leaders, replicas and settings as the broker has them', async () => {
    const { log, admin, close } = await open();
    const topic = `admin.described.${process.pid}`;
    await log.ensureTopics([{ topic, partitions: 2 }]);
    const [described] = await admin.describeTopics([topic]);
    const { brokers } = await admin.server();
    for (const { leader, replicas, inSync } of described?.partitions ?? []) {
      expect(brokers).toContain(leader);
      expect([replicas.length, inSync.length]).toEqual([1, 1]);
    }
    expect(described?.config.get('retention.ms')).toBe('-1');
    expect(described?.config.get('max.message.bytes')).toBe('8388608');
    await close();
  });
});
