import { randomUUID } from 'node:crypto';
import { localKafka, localMongo } from '../../test/support/servers/local.ts';

/** A real Kafka broker and a real MongoDB replica set of one, on this machine and nobody else's. */
export type Servers = AsyncDisposable & Readonly<{ kafka: string; mongo: string }>;

export async function startServers(): Promise<Servers> {
  const [kafka, mongo] = await Promise.all([localKafka(), localMongo()]);
  return {
    kafka: kafka.address,
    mongo: mongo.address,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([kafka.stop(), mongo.stop()]);
    },
  };
}

/** One measurement's own topics and database on them. */
export type Site = Readonly<{ kafka: string; mongo: string; namespace: string }>;

export function newSite({ kafka, mongo }: Servers): Site {
  return { kafka, mongo, namespace: `bench-${randomUUID().slice(0, 8)}` };
}
