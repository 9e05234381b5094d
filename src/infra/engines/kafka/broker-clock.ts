import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import { withinDeadline } from './deadline.ts';
import { quorumClock, quorumRequest } from './describe-quorum.ts';

const TIMEOUT_MS = 5_000;

const DESCRIBE_QUORUM = 55;
const VERSION = 1;

const method = z.custom<(...args: readonly unknown[]) => unknown>((value) => typeof value === 'function');
/** What has methods must stay what it is. */
const part = z.custom<object>((value) => typeof value === 'object' && value !== null);
const versionsSchema = z.record(
  z.string(),
  z.looseObject({ minVersion: z.number(), maxVersion: z.number() }),
);

/**
 * By how much the clock of the cluster's controller is ahead of this machine's, in milliseconds; `undefined` where the cluster does not
 * tell: it is older than 3.3, or we have no right to describe it. Nothing is written. Never rejects, and takes 5 s at most.
 */
export async function brokerSkewMs(kafka: Kafka): Promise<number | undefined> {
  return withinDeadline(TIMEOUT_MS, 'asking for the clock', ask(kafka)).catch(() => undefined);
}

async function ask(kafka: Kafka): Promise<number | undefined> {
  const cluster = clusterOf(kafka);
  try {
    await call(cluster, 'connect');
    await call(cluster, 'refreshMetadata');
    let skewMs: number | undefined;
    await call(partOf(cluster, 'brokerPool'), 'withBroker', async (given: object) => {
      skewMs = await skewOf(partOf(given, 'broker'));
    });
    return skewMs;
  } finally {
    await call(cluster, 'disconnect').catch(() => undefined);
  }
}

async function skewOf(broker: object): Promise<number | undefined> {
  const known = versionsSchema.parse(Reflect.get(broker, 'versions'))[DESCRIBE_QUORUM];
  if (known === undefined || known.minVersion > VERSION || known.maxVersion < VERSION) return undefined;
  const asked = Date.now();
  let clock: number | undefined;
  const hear = (answer: Buffer) => {
    clock = quorumClock(answer);
  };
  await call(partOf(broker, 'connectionPool'), 'send', protocol(hear));
  return clock === undefined ? undefined : clock - (asked + Date.now()) / 2;
}

/** As kafkajs has its own requests. */
function protocol(hear: (answer: Buffer) => void) {
  const request = quorumRequest();
  return {
    request: {
      apiKey: DESCRIBE_QUORUM,
      apiVersion: VERSION,
      apiName: 'DescribeQuorum',
      encode: async () => ({ buf: request, buffer: request }),
    },
    response: { decode: async (answer: Buffer) => ({ heard: hear(answer) }), parse: async () => undefined },
    logResponseError: false,
  };
}

/** kafkajs has no public way to ask what it does not know. */
function clusterOf(kafka: Kafka): object {
  const name = Object.getOwnPropertySymbols(kafka).find((each) =>
    each.description?.endsWith('createCluster'),
  );
  const create = method.parse(Reflect.get(kafka, name ?? ''));
  return part.parse(Reflect.apply(create, kafka, [{ allowAutoTopicCreation: false }]));
}

function partOf(of: object, name: string): object {
  return part.parse(Reflect.get(of, name));
}

async function call(of: object, name: string, ...args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(method.parse(Reflect.get(of, name)), of, args);
}
