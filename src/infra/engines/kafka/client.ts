import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { Logger } from 'pino';
import { registerCodecs } from './codecs/codecs.ts';
import { patchRecordBatch } from './patches/record-batch-patch.ts';
import { patchRequestQueue } from './patches/request-queue-patch.ts';
import { patchStaleBatches } from './patches/stale-batch-patch.ts';

export type KafkaClientOptions = Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'> &
  Readonly<{ clientId: string }>;

/** A connection to Kafka with every time-out set and what is wrong in kafkajs mended. `logger` hears what kafkajs has to say, from warnings on. */
export function kafkaClient(options: KafkaClientOptions, logger?: Logger): Kafka {
  registerCodecs();
  patchRecordBatch();
  patchRequestQueue();
  patchStaleBatches();
  return new Kafka({
    ...options,
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    // A broker that is away is known to be after 2 s; who asked repeats.
    retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, ...facts } = entry.log;
      const level = entry.level === logLevel.ERROR ? 'error' : 'warn';
      try {
        logger?.[level]({ ...facts, source: 'kafkajs' }, message);
      } catch {
        // A socket that breaks after the end has nobody left to tell, and must not break the process.
      }
    },
  });
}
