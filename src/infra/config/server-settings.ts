import { z } from 'zod';
import { LONGEST_TIMER_MS } from '../../streams/stop.ts';
import { positive, someText, variableName, whole } from './agent-settings.ts';

/** Asked for each login, so it keeps a token while it is valid. A failure of it is waited out. */
export type BringToken = () => Promise<
  string | Readonly<{ value: string; extensions?: Readonly<Record<string, string>> }>
>;

/** What names Kafka and MongoDB, and how this process behaves to them. Without them the embedded engine works. */
export const serverSettings = {
  kafka: someText
    .regex(
      /^(?!mongodb)/i,
      'expected Kafka brokers, host:port,host:port; this is the address of a MongoDB, which belongs to mongo (--mongo, MILLRACE_MONGO)',
    )
    .regex(
      /^(?:mongodb|(?!.*:\/\/))/i,
      'expected Kafka brokers, host:port,host:port, without a scheme such as http://',
    )
    .optional()
    .describe('Kafka brokers, `host:port,host:port`. If left out: the embedded log.'),
  kafkaSsl: z.boolean().default(false).describe('Speak TLS to Kafka.'),
  kafkaCaFile: someText
    .optional()
    .describe(
      'A PEM file with the private authority that signed the certificates of the brokers (Aiven); no other is trusted then. Implies `kafkaSsl`.',
    ),
  kafkaSasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: someText,
      passwordVariable: variableName,
    })
    .optional()
    .describe('How to log in to Kafka; the password is in the variable that `passwordVariable` names.'),
  kafkaToken: z
    .custom<BringToken>((value) => typeof value === 'function')
    .optional()
    .describe(
      'For OAuth, in `millrace.config.ts`: an async function that brings a token, or `{ value, extensions }` for brokers that want SASL extensions.',
    ),
  partitions: positive
    .max(1_000)
    .default(12)
    .describe('Partitions of a Kafka topic when it is created; no more workers than this can share a stage.'),
  replicationFactor: whole(-1)
    .default(-1)
    .describe('Copies of a Kafka topic when it is created; -1: the brokers decide.'),
  kafkaSessionTimeoutMs: whole(1_000, 1_800_000)
    .default(30_000)
    .describe('A worker that Kafka has not heard from for this long loses its partitions to the others.'),
  leaseMs: whole(3_000, 600_000)
    .default(15_000)
    .describe(
      'After this long without a sign of life from a worker, another one takes over its calls. The time is written beside the claim, so workers may differ.',
    ),
  drainMs: whole(0, LONGEST_TIMER_MS)
    .default(120_000)
    .describe(
      'How long calls in flight may take to finish at a stop, in milliseconds; then they are cut, and made again at the next start.',
    ),
  mongo: someText
    .regex(
      /^mongodb(?:\+srv)?:\/\//,
      'expected the URI of a MongoDB, mongodb://host:port or mongodb+srv://host',
    )
    .optional()
    .describe('`mongodb://…` or `mongodb+srv://…`. If left out: the embedded store.'),
};
