import { randomUUID } from 'node:crypto';
import { type Admin, type Kafka, Partitioners } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import { kafkaClient } from '../../../src/infra/engines/kafka/client.ts';
import { agentStages, groupOf, stageNames, topicOf } from '../../../src/stages/stage-names.ts';
import { keptBy } from '../../../src/stages/table.ts';
import { kafkaFacts } from '../../support/invariants/kafka-facts.ts';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { within } from '../../support/within.ts';
import type { Engine, Progress } from './engine.ts';

const TIMEOUT_MS = 10_000;

/** Where the servers are: for those who look on, and for the workers, whose way may lead through a proxy. */
export type Servers = Readonly<{
  kafka: string;
  mongo: string;
  workersKafka?: string;
  workersMongo?: string;
}>;

/** Kafka and MongoDB, in a namespace that ends with the test. */
export async function openDistributed(servers: Servers, workers = 3): Promise<Engine> {
  const { kafka: bootstrap, mongo: uri, workersKafka = bootstrap, workersMongo = uri } = servers;
  const namespace = `faults-${randomUUID().slice(0, 8)}`;
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: TIMEOUT_MS,
    socketTimeoutMS: TIMEOUT_MS,
    waitQueueTimeoutMS: TIMEOUT_MS,
  });
  onTestFinished(() => closed(client, namespace));
  const kafka = onlooker(bootstrap);
  const admin = await openAdmin(bootstrap);
  return {
    name: 'kafka+mongo',
    namespace,
    workers,
    flags: ['--kafka', workersKafka, '--mongo', workersMongo, '--namespace', namespace],
    progress: () => progressOf(client, namespace),
    lags: () => lagsOf(admin, namespace),
    facts: async () => {
      // In this order: what was committed when, must be stored later.
      const topics = await kafkaFacts(bootstrap, namespace);
      return { topics, ...(await mongoFacts(uri, namespace)) };
    },
    append: (topic, values) => append(kafka, topic, values),
    forgetOffsets: async () => {
      await admin.deleteGroups(stageNames().map((stage) => groupOf(namespace, stage)));
    },
    admin,
  };
}

function onlooker(bootstrap: string): Kafka {
  return kafkaClient({ clientId: 'onlooker', brokers: bootstrap.split(',') });
}

/** Kafka's administration, until the test ends. */
export async function openAdmin(bootstrap: string): Promise<Admin> {
  const admin = onlooker(bootstrap).admin({ retry: { retries: 8 } });
  onTestFinished(() => admin.disconnect().catch(() => undefined));
  await admin.connect();
  return admin;
}

async function closed(client: MongoClient, namespace: string): Promise<void> {
  await client
    .db(namespace)
    .dropDatabase()
    .catch(() => undefined);
  await within('the connection to MongoDB closes', client.close());
}

async function progressOf(client: MongoClient, namespace: string): Promise<Progress> {
  const db = client.db(namespace);
  const [ended, ...done] = await Promise.all([
    db.collection('questions').countDocuments({ endedAt: { $ne: null } }),
    ...agentStages().map((stage) => db.collection(keptBy(stage)).countDocuments({ state: 'done' })),
  ]);
  return { ended, done: done.reduce((sum, each) => sum + each, 0) };
}

/** Where records are that no stage of the namespace has committed yet; empty where there are none. */
export async function lagsOf(admin: Admin, namespace: string): Promise<string> {
  const each = stageNames().map(async (stage) => {
    const topic = topicOf(namespace, stage);
    const ends = await admin.fetchTopicOffsets(topic);
    const [group] = await admin.fetchOffsets({ groupId: groupOf(namespace, stage), topics: [topic] });
    const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.flatMap(({ partition, low, high }) => {
      const from = Math.max(committed.get(partition) ?? 0, Number(low));
      return Number(high) > from ? [`${stage}/${partition} at ${from} of ${high}`] : [];
    });
  });
  return (await Promise.all(each)).flat().join(', ');
}

async function append(
  kafka: Kafka,
  topic: string,
  values: readonly (string | Buffer | null)[],
): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
  } finally {
    await producer.disconnect();
  }
}
