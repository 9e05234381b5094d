import { archiveOptions } from './kafka/kafka-archive.ts';
import { KafkaCluster } from './kafka/kafka-cluster.ts';
import { kafkaJars } from './kafka/kafka-jars.ts';
import { mongoBinary } from './mongo-binary.ts';
import { MongoCluster } from './mongo-cluster.ts';

/** A Kafka of 1 to 3 brokers as processes of this machine. Throws Unavailable where it cannot be had. */
export async function localKafka(brokers = 1, proxies: readonly number[] = []): Promise<KafkaCluster> {
  const jars = await kafkaJars();
  const javaOptions = await archiveOptions(jars);
  return KafkaCluster.start({ jars, brokers, javaOptions, proxies });
}

/** A Kafka of one broker that has a second way in, by TLS and with a login. Throws Unavailable. */
export async function localSecuredKafka(): Promise<KafkaCluster> {
  const jars = await kafkaJars();
  return KafkaCluster.start({
    ...{ jars, brokers: 1, secured: true },
    javaOptions: await archiveOptions(jars),
  });
}

/** A MongoDB replica set of 1 or 3 members as processes of this machine. Throws Unavailable where it cannot be had. */
export async function localMongo(members = 1): Promise<MongoCluster> {
  return MongoCluster.start({ mongod: await mongoBinary(), members });
}
