import { randomUUID } from 'node:crypto';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { KafkaLog, type KafkaLogOptions } from '../../../../src/infra/engines/kafka/log.ts';

/** Quick to notice a lost member, so that tests need not wait. */
const TUNING = { sessionTimeoutMs: 3_000, heartbeatIntervalMs: 200 };

/** The Log on the Kafka at that address, under a client id of its own. */
export function openKafkaLog(bootstrap: string, options: Partial<KafkaLogOptions> = {}): KafkaLog {
  const kafka = kafkaClient({ clientId: `test-${randomUUID()}`, brokers: bootstrap.split(',') });
  return new KafkaLog({ kafka, replicationFactor: 1, tuning: TUNING, ...options });
}
