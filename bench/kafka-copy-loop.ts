// The least that five stages cost on Kafka: five consumers in a row, each copying its topic to the next in batches, nothing
// decoded, nothing stored. Runs as a process of its own: `node bench/kafka-copy-loop.ts BOOTSTRAP PREFIX COUNT` fills the
// first topic, copies it through, and prints one line of JSON.
import { randomUUID } from 'node:crypto';
import { CompressionTypes, type Consumer, Kafka, logLevel } from 'kafkajs';
import { questionText } from './support/questions.ts';

const HOPS = 5;
const PARTITIONS = 12;
const FILL = 1_000;

const [bootstrap = '', prefix = '', count = ''] = process.argv.slice(2);
const wanted = Number(count);
const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
const topicOf = (hop: number) => `${prefix}.${hop}`;

const admin = kafka.admin();
await admin.connect();
await admin.createTopics({
  topics: Array.from({ length: HOPS + 1 }, (_, hop) => ({ topic: topicOf(hop), numPartitions: PARTITIONS })),
});
const producer = kafka.producer({ allowAutoTopicCreation: false });
await producer.connect();
for (let from = 0; from < wanted; from += FILL) {
  const messages = Array.from({ length: Math.min(FILL, wanted - from) }, (_, index) => ({
    key: randomUUID(),
    value: JSON.stringify({ v: 1, lane: 'main', question: { text: questionText(from + index) } }),
  }));
  await producer.send({ topic: topicOf(0), acks: -1, compression: CompressionTypes.None, messages });
}

const arrived = Promise.withResolvers<void>();
let copied = 0;
let startMs = Number.NaN;

async function copier(hop: number): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: `${prefix}.${hop}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: topicOf(hop), fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      if (Number.isNaN(startMs)) startMs = performance.now();
      const messages = batch.messages.map(({ key, value }) => ({ key, value }));
      await producer.send({ topic: topicOf(hop + 1), acks: -1, messages });
      if (hop < HOPS - 1) return;
      copied += messages.length;
      if (copied >= wanted) arrived.resolve();
    },
  });
  return consumer;
}

const consumers = await Promise.all(Array.from({ length: HOPS }, (_, hop) => copier(hop)));
await arrived.promise;
console.log(JSON.stringify({ seconds: (performance.now() - startMs) / 1_000 }));
await Promise.all(consumers.map((consumer) => consumer.disconnect()));
await producer.disconnect();
await admin.disconnect();
