import { TcpProxy } from '../support/fakes/tcp-proxy.ts';
import type { KafkaCluster } from '../support/servers/kafka/kafka-cluster.ts';
import { localKafka, localMongo } from '../support/servers/local.ts';
import type { MongoCluster } from '../support/servers/mongo-cluster.ts';
import type { Servers } from '../support/servers/on-servers.ts';

/** Servers that a scenario may harm, with a way to each that can be made bad. */
export type Stand = Readonly<{
  servers: Servers & Readonly<{ workersKafka?: string; workersMongo?: string }>;
  kafka?: KafkaCluster;
  mongo?: MongoCluster;
  kafkaLink?: TcpProxy;
  mongoLink?: TcpProxy;
  stop(): Promise<void>;
}>;

/** One broker and one mongod, behind proxies. */
export async function openStand(): Promise<Stand> {
  const [kafkaLink, mongoLink] = await Promise.all([TcpProxy.open(), TcpProxy.open()]);
  const [kafka, mongo] = await Promise.all([localKafka(1, [kafkaLink.port]), localMongo(1)]);
  kafkaLink.upstream = kafka.behindProxy()[0] ?? 0;
  mongoLink.upstream = mongo.ports[0] ?? 0;
  return {
    servers: {
      kafka: kafka.address,
      mongo: mongo.address,
      workersKafka: `127.0.0.1:${kafkaLink.port}`,
      workersMongo: `mongodb://127.0.0.1:${mongoLink.port}/?directConnection=true`,
    },
    kafka,
    mongo,
    kafkaLink,
    mongoLink,
    stop: async () => {
      for (const link of [kafkaLink, mongoLink]) link.close();
      await Promise.all([kafka.stop(), mongo.stop()]);
    },
  };
}

/** Three of each. */
export async function openWideStand(): Promise<Stand> {
  const [kafka, mongo] = await Promise.all([localKafka(3), localMongo(3)]);
  return {
    servers: { kafka: kafka.address, mongo: mongo.address },
    kafka,
    mongo,
    stop: async () => {
      await Promise.all([kafka.stop(), mongo.stop()]);
    },
  };
}
