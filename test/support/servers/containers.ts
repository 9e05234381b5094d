import { homedir } from 'node:os';
import { join } from 'node:path';
import { exists } from './cache.ts';
import { type Kind, Unavailable } from './cluster.ts';

/** A server that tests share: they may use it and never harm it. */
export type SharedServer = Readonly<{ address: string; stop(): Promise<void> }>;

const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.0.0';
const KAFKA_PORT = 9_093;
const MONGO_IMAGE = 'mongo:8.0';
const SOCKETS = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];

/** A server in a container. Throws Unavailable where no Docker answers. */
export async function inContainer(kind: Kind): Promise<SharedServer> {
  if (!(await dockerMayAnswer())) throw new Unavailable('there is no Docker');
  return kind === 'kafka' ? kafkaContainer() : mongoContainer();
}

/** Cheap: the libraries are loaded and Docker is asked only where there is something to ask. */
async function dockerMayAnswer(): Promise<boolean> {
  if (process.env['DOCKER_HOST'] !== undefined) return true;
  return (await Promise.all(SOCKETS.map(exists))).includes(true);
}

async function kafkaContainer(): Promise<SharedServer> {
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer(KAFKA_IMAGE)
    .withKraft()
    .withEnvironment({ KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false', KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000' })
    .start();
  const address = `${container.getHost()}:${container.getMappedPort(KAFKA_PORT)}`;
  return { address, stop: async () => void (await container.stop()) };
}

async function mongoContainer(): Promise<SharedServer> {
  const { MongoDBContainer } = await import('@testcontainers/mongodb');
  const container = await new MongoDBContainer(MONGO_IMAGE).start();
  // The set names its member by a host that only the container knows.
  const address = `${container.getConnectionString()}/?directConnection=true`;
  return { address, stop: async () => void (await container.stop()) };
}
