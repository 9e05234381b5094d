import { zstdCompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member } from './consumer/member.ts';
import { numbered, openedTopic } from './opened.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Packs by zstd as a stranger may: whatever the size. */
async function bomb(bootstrap: string, topic: string, bytes: number): Promise<void> {
  const producer = kafkaClient({ clientId: 'stranger', brokers: [bootstrap] }).producer();
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  const own = CompressionCodecs[CompressionTypes.ZSTD];
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    ...own(),
    compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
  });
  const messages = [{ key: 'bomb', value: Buffer.alloc(bytes) }];
  await producer.send({ topic, messages, compression: CompressionTypes.ZSTD });
  CompressionCodecs[CompressionTypes.ZSTD] = own;
}

await describeOnKafka('a partition', (bootstrap) => {
  it('goes on behind a batch that unpacks to more than is allowed, and tells of it as a record', async () => {
    const { log, topic, group } = await openedTopic(bootstrap);
    await log.publish(topic, numbered(2));
    await bomb(bootstrap, topic, 70 * 2 ** 20);
    await log.publish(topic, numbered(2, 2));
    const member = new Member(log, topic, group);
    await member.consumer.start();
    await until('all have come', () => member.records.length === 5);
    expect(member.records.map(({ unreadable }) => unreadable?.code)).toEqual([
      undefined,
      undefined,
      'batch_too_large',
      undefined,
      undefined,
    ]);
    expect(member.records[2]).toMatchObject({ offset: 2n, value: null });
    expect(member.failures).toEqual([]);
  });
});
