import { afterAll, describe, inject, it } from 'vitest';
import { z } from 'zod';
import type { Cluster, Kind } from './cluster.ts';
import type { KafkaCluster } from './kafka/kafka-cluster.ts';
import { kafkaJars } from './kafka/kafka-jars.ts';
import { localKafka, localMongo, localSecuredKafka } from './local.ts';
import { mongoBinary } from './mongo-binary.ts';
import type { MongoCluster } from './mongo-cluster.ts';

const ANSWER = z.object({ address: z.string().optional(), missing: z.string().optional() });

/**
 * Tests on a real Kafka that all files of the run share: use names of your own, and do it no harm. Skipped where no
 * Kafka can be had, except in CI, where that fails. To be awaited.
 */
export async function describeOnKafka(name: string, define: (bootstrap: string) => void): Promise<void> {
  await describeOnShared('kafka', name, define);
}

/** The same on a real MongoDB; `define` is given its URI. */
export async function describeOnMongo(name: string, define: (uri: string) => void): Promise<void> {
  await describeOnShared('mongo', name, define);
}

export type Servers = Readonly<{ kafka: string; mongo: string }>;

/** Tests that need both, shared likewise. To be awaited. */
export async function describeOnServers(name: string, define: (servers: Servers) => void): Promise<void> {
  const [kafka, mongo] = await Promise.all([lent('kafka'), lent('mongo')]);
  if (kafka.address === undefined || mongo.address === undefined)
    return skipped(name, kafka.missing ?? mongo.missing ?? 'unknown');
  const servers = { kafka: kafka.address, mongo: mongo.address };
  describe(name, () => define(servers));
}

/** Tests that kill brokers: `start` gives them a Kafka of their own, which ends with them. To be awaited. */
export async function describeWithBrokers(
  name: string,
  define: (start: (brokers?: number) => Promise<KafkaCluster>) => void,
): Promise<void> {
  await describeWithOwn(name, kafkaJars, localKafka, define);
}

/** Tests that log in by TLS: `start` gives them a Kafka of their own that has such a way in. To be awaited. */
export async function describeWithSecuredBroker(
  name: string,
  define: (start: () => Promise<KafkaCluster>) => void,
): Promise<void> {
  await describeWithOwn(name, kafkaJars, localSecuredKafka, define);
}

/** Tests that kill members of a replica set: `start` gives them a MongoDB of their own, which ends with them. To be awaited. */
export async function describeWithMembers(
  name: string,
  define: (start: (members?: number) => Promise<MongoCluster>) => void,
): Promise<void> {
  await describeWithOwn(name, mongoBinary, localMongo, define);
}

async function describeOnShared(kind: Kind, name: string, define: (address: string) => void): Promise<void> {
  const { address, missing } = await lent(kind);
  if (address === undefined) skipped(name, missing ?? 'unknown');
  else describe(name, () => define(address));
}

/** Where the page is, built once for the run. */
export async function lentPage(): Promise<string> {
  const { address, missing } = await lent('page');
  if (address === undefined) throw new Error(`The page cannot be built: ${missing}`);
  return address;
}

/** The directory of the package, built once for the run. */
export async function lentCommand(): Promise<string> {
  const { address, missing } = await lent('command');
  if (address === undefined) throw new Error(`The command cannot be built: ${missing}`);
  return address;
}

async function lent(kind: Kind | 'page' | 'command'): Promise<z.output<typeof ANSWER>> {
  const response = await fetch(`${inject('serversUrl')}/${kind}`);
  return ANSWER.parse(await response.json());
}

async function describeWithOwn<T extends Cluster>(
  name: string,
  prepare: () => Promise<unknown>,
  start: (nodes?: number) => Promise<T>,
  define: (start: (nodes?: number) => Promise<T>) => void,
): Promise<void> {
  const missing = await prepare().then(() => undefined, String);
  if (missing !== undefined) return skipped(name, missing);
  describe(name, () => {
    const clusters: T[] = [];
    afterAll(async () => {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
    });
    define(async (nodes) => {
      const cluster = await start(nodes);
      clusters.push(cluster);
      return cluster;
    });
  });
}

function skipped(name: string, reason: string): void {
  if (process.env['CI'] === 'true') throw new Error(`${name}: no server: ${reason}`);
  console.warn(`Skipped: ${name}. There is no server: ${reason}`);
  describe.skip(name, () => it('needs a server', () => undefined));
}
