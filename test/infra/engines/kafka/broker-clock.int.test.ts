import { expect, it, vi } from 'vitest';
import { brokerSkewMs } from '../../../../src/infra/engines/kafka/broker-clock.ts';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { openKafkaLog } from './open-kafka-log.ts';

const HOUR_MS = 3_600_000;

await describeOnKafka('the clock of a Kafka', (bootstrap) => {
  const kafka = () => kafkaClient({ clientId: 'test', brokers: bootstrap.split(',') });

  /** As if the clock of this machine were ahead. */
  async function ahead<T>(byMs: number, act: () => Promise<T>): Promise<T> {
    const real = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => real() + byMs);
    try {
      return await act();
    } finally {
      vi.restoreAllMocks();
    }
  }

  it('is read without a record, and ours compared with it', async () => {
    expect(Math.abs((await brokerSkewMs(kafka())) ?? Number.NaN)).toBeLessThan(HOUR_MS / 2);
    const skewMs = await ahead(2 * HOUR_MS, () => brokerSkewMs(kafka()));
    expect(skewMs).toBeLessThan(-HOUR_MS);
  });

  it('an hour off ends a start that means to work, and is no matter to others', async () => {
    const [working, looking] = [openKafkaLog(bootstrap, { works: true }), openKafkaLog(bootstrap)];
    const failure = await ahead(2 * HOUR_MS, () => failureOf(() => working.ensureTopics([])));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'clock_apart' });
    expect(failure.message).toContain('that of Kafka');
    await ahead(2 * HOUR_MS, () => looking.ensureTopics([]));
    await Promise.all([working.close(), looking.close()]);
  });

  it('minutes off is told, and the start goes on', async () => {
    const notices: string[] = [];
    const log = openKafkaLog(bootstrap, { works: true, onNotice: (text) => void notices.push(text) });
    await ahead(5 * 60_000, () => log.ensureTopics([]));
    await log.close();
    expect(notices).toEqual([expect.stringContaining('ahead of that of Kafka')]);
  });
});

it('a Kafka that is not there tells no time', async () => {
  expect(await brokerSkewMs(kafkaClient({ clientId: 'test', brokers: ['127.0.0.1:1'] }))).toBeUndefined();
});
