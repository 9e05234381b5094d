import { randomUUID } from 'node:crypto';
import type { Admin } from 'kafkajs';
import { onTestFinished } from 'vitest';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import type { KafkaLogOptions } from '../../../../src/infra/engines/kafka/log.ts';
import type { Log, OutgoingRecord } from '../../../../src/streams/log/log.ts';
import { openKafkaLog } from './open-kafka-log.ts';

/** A log that is closed with the test, and a topic and a group of the test's own. */
export async function openedTopic(bootstrap: string, partitions = 1, options: Partial<KafkaLogOptions> = {}) {
  const log = openKafkaLog(bootstrap, options);
  onTestFinished(() => log.close());
  const topic = `test.${randomUUID()}`;
  await log.ensureTopics([{ topic, partitions }]);
  return { log, topic, group: `test.${randomUUID()}` };
}

/** Numbered records, each with a key of its own, so that they spread over all partitions. */
export function numbered(count: number, from = 0): readonly OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const value = String(from + index);
    return { key: value, value };
  });
}

export function total(offsets: ReadonlyMap<number, bigint>): bigint {
  return [...offsets.values()].reduce((sum, each) => sum + each, 0n);
}

/** Whether the group has committed everything that the topic holds. */
export async function isDone(log: Log, topic: string, group: string): Promise<boolean> {
  return total(await log.committedOffsets(group, topic)) === total(await log.endOffsets(topic));
}

/** An admin's connection of kafkajs, for what the port does not do. It ends with the test. */
export async function openAdmin(bootstrap: string): Promise<Admin> {
  const admin = kafkaClient({ clientId: 'test-admin', brokers: bootstrap.split(',') }).admin();
  onTestFinished(() => admin.disconnect());
  await admin.connect();
  return admin;
}
