import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AdminConnection } from '../../../../src/infra/engines/kafka/admin-connection.ts';
import { KafkaProducer } from '../../../../src/infra/engines/kafka/producer.ts';

const never = () => new Promise<never>(() => undefined);
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

function producing() {
  const sender = {
    connect: vi.fn(async () => undefined),
    disconnect: vi.fn(async () => undefined),
    sendBatch: vi.fn(async () => []),
  };
  return { sender, producer: new KafkaProducer({ producer: () => sender }, 1_000_000) };
}

const published = (producer: KafkaProducer) =>
  producer.publish('topic', [{ key: 'q', value: 'value' }]).then(
    () => 'acknowledged',
    (failure: unknown) => failure,
  );
const outage = { kind: 'outage', code: 'kafka_timeout' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a promise that kafkajs never settles', () => {
  it('of a connection ends as an outage, and the next publish connects anew', async () => {
    const { sender, producer } = producing();
    sender.connect.mockImplementationOnce(never);
    const first = published(producer);
    await minutes(1);
    expect(await first).toMatchObject(outage);
    const second = published(producer);
    await minutes(1);
    expect(await second).toBe('acknowledged');
    expect(sender.connect).toHaveBeenCalledTimes(2);
  });

  it('of a connection leaves nothing open behind a log that is closed', async () => {
    const { sender, producer } = producing();
    sender.connect.mockImplementation(never);
    const sent = published(producer);
    await minutes(1);
    expect(await sent).toMatchObject(outage);
    await producer.close();
    expect(sender.disconnect).toHaveBeenCalledOnce();
  });

  it('is not waited for by a log that never published', async () => {
    const { sender, producer } = producing();
    await producer.close();
    expect(sender.disconnect).not.toHaveBeenCalled();
  });

  it('of a batch ends as an outage, and the batches behind it are sent', async () => {
    const { sender, producer } = producing();
    sender.sendBatch.mockImplementationOnce(never);
    const first = published(producer);
    await vi.advanceTimersByTimeAsync(1_000);
    const second = published(producer);
    await minutes(1);
    expect(await first).toMatchObject(outage);
    expect(await second).toBe('acknowledged');
  });

  it('of a disconnection keeps no process from ending', async () => {
    const { sender, producer } = producing();
    sender.disconnect.mockImplementation(never);
    const sent = published(producer);
    await minutes(1);
    await sent;
    const admin = new AdminConnection({ connect: async () => undefined, disconnect: never });
    await admin.ask('asking', async () => 1);
    const closed = Promise.all([producer.close(), admin.close()]);
    await minutes(1);
    await expect(closed).resolves.toBeDefined();
  });

  it('of a question to the brokers ends as an outage', async () => {
    const admin = new AdminConnection({ connect: async () => undefined, disconnect: async () => undefined });
    const asked = admin.ask('asking', never).catch((failure: unknown) => failure);
    await minutes(1);
    expect(await asked).toMatchObject(outage);
  });
});
