import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaLog } from '../../../../src/infra/engines/kafka/log.ts';

/** Counts what the log asks of its broker; every topic has one partition, which grows with each question. */
function askedLog() {
  const asked: string[] = [];
  const admin = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    listTopics: async () => ['t', 'u'],
    fetchTopicOffsets: async (topic: string) => {
      asked.push(topic);
      return [{ partition: 0, low: '3', high: `${10 + asked.length}`, offset: '10' }];
    },
  };
  const kafka = { admin: () => admin, producer: () => ({}) } as unknown as Kafka;
  return { log: new KafkaLog({ kafka }), asked };
}

describe('the ends of a topic of Kafka', () => {
  it('are one request where beginning and end are asked in the same turn', async () => {
    const { log, asked } = askedLog();
    const [begins, ends, others] = await Promise.all([
      log.beginningOffsets('t'),
      log.endOffsets('t'),
      log.endOffsets('u'),
    ]);
    expect([begins.get(0), ends.get(0), others.get(0)]).toEqual([3n, 11n, 12n]);
    expect(asked).toEqual(['t', 'u']);
  });

  it('are never those of a request that went out before they were asked for', async () => {
    const { log, asked } = askedLog();
    const first = log.endOffsets('t');
    await Promise.resolve();
    const second = log.endOffsets('t');
    expect([(await first).get(0), (await second).get(0)]).toEqual([11n, 12n]);
    expect(asked).toEqual(['t', 't']);
  });
});
