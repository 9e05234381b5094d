import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { kafkaSecurity } from '../../../../src/infra/engines/kafka/security.ts';
import { openKafka } from '../../../../src/infra/engines/open-engine.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { KAFKA_USER, TOKEN_SESSION_MS } from '../../../support/servers/kafka/kafka-security.ts';
import { describeOnKafka, describeWithSecuredBroker } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member } from './consumer/member.ts';
import { openKafkaLog } from './open-kafka-log.ts';
import { numbered } from './opened.ts';

const PASSWORD_VARIABLE = 'TEST_KAFKA_PASSWORD';
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

await describeWithSecuredBroker('a broker with TLS and a login', (start) => {
  let address = '';
  let kafkaCaFile = '';

  beforeAll(async () => {
    ({ address, caFile: kafkaCaFile } = (await start()).secured);
  });

  it.each(MECHANISMS)('is published to and consumed from by %s', async (mechanism) => {
    const { log } = await opened({ kafkaCaFile, kafkaSasl: sasl(mechanism) });
    await expectToWork(log);
  });

  it('is published to and consumed from by a token, which is brought anew', async () => {
    const kafkaToken = vi.fn(async () => tokenUntil(3_600));
    const { log } = await opened({ kafkaCaFile, kafkaToken });
    await expectToWork(log);
    expect(kafkaToken.mock.calls.length).toBeGreaterThan(1);
  });

  it('takes a token with extensions', async () => {
    const extensions = { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' };
    const { log } = await opened({
      ...{ kafkaCaFile },
      kafkaToken: async () => ({ value: tokenUntil(3_600), extensions }),
    });
    await expectToWork(log);
  });

  it('goes on when the first login by token holds no more', async () => {
    const kafkaToken = vi.fn(async () => tokenUntil(3_600));
    const { log } = await opened({ kafkaCaFile, kafkaToken });
    const member = await expectToWork(log);
    const [endMs, logins] = [Date.now() + TOKEN_SESSION_MS, kafkaToken.mock.calls.length];
    await until('the first login is over', () => Date.now() > endMs);
    const publish = () => log.publish(member.topic, numbered(5, 20));
    const published = () =>
      publish().then(
        () => true,
        () => false,
      );
    await until('it is published to', published);
    await until('all have come', () => member.records.some(({ value }) => String(value) === '24'));
    expect(member.failures).toEqual([]);
    expect(kafkaToken.mock.calls.length).toBeGreaterThan(logins);
  });

  it.each(MECHANISMS)(
    'refuses a wrong password by %s, with what to check and no password',
    async (mechanism) => {
      const { log, lines } = await opened({ kafkaCaFile, kafkaSasl: sasl(mechanism, 'wrong-basalt-77') });
      const failure = await failureOf(() => log.ensureTopics([{ topic: 'never', partitions: 1 }]));
      expect(failure.kind).toBe('fatal');
      expect(failure.message).toContain('Check kafkaSasl: the mechanism, the username, and the password');
      expect([failure.message, failure.stack, ...lines].join('\n')).not.toContain('wrong-basalt-77');
    },
  );

  it('refuses a token that is out of date, with what to check and no token', async () => {
    const token = tokenUntil(-3_600);
    const { log, lines } = await opened({ kafkaCaFile, kafkaToken: async () => token });
    const failure = await failureOf(() => log.ensureTopics([{ topic: 'never', partitions: 1 }]));
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('refused the token that kafkaToken brought');
    expect([failure.message, failure.stack, ...lines].join('\n')).not.toContain(token);
  });

  it('is waited for while no token can be had, and the reason is told', async () => {
    const kafkaToken = async () => {
      throw new Error('the issuer is away');
    };
    const failure = await refusalOf(address, { kafkaCaFile, kafkaToken });
    expect(failure.kind).toBe('outage');
    expect(failure.message).toContain('kafkaToken brought no token: the issuer is away');
  });

  it('is not trusted without its authority, and kafkaCaFile is named', async () => {
    const { log } = await opened({ kafkaSsl: true, kafkaSasl: sasl('plain') });
    const failure = await failureOf(() => log.ensureTopics([{ topic: 'never', partitions: 1 }]));
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('kafkaCaFile');
  });

  it.each([
    ['without TLS', () => ({ kafkaSasl: sasl('plain') })],
    ['without TLS and without a login', () => ({})],
    ['without a login', () => ({ kafkaCaFile })],
  ])('hangs up on a client %s, which says what may be missing', async (_, given) => {
    const failure = await refusalOf(address, given());
    expect(failure.kind).toBe('outage');
    expect(failure.message).toContain('does it need TLS (kafkaSsl) or a login (kafkaSasl, kafkaToken)');
  });

  it('needs a file that holds a certificate', async () => {
    const settings = (path: string) => settingsSchema.parse({ kafkaCaFile: path });
    for (const path of [join(import.meta.dirname, 'opened.ts'), '/no/such/file.pem']) {
      const failure = await failureOf(() => kafkaSecurity(settings(path)));
      expect(failure.code).toBe('bad_setting');
      expect(failure.message).toContain(`kafkaCaFile ${path}: expected a file with certificates in PEM`);
    }
  });

  /** The log by the settings, as every command opens it, and what it logs. */
  async function opened(given: Record<string, unknown>) {
    const lines: string[] = [];
    const logger = pino({ base: null }, { write: (line) => lines.push(line) });
    const settings = settingsSchema.parse({ replicationFactor: 1, ...given });
    const { log, close } = await openKafka({ settings, logger }, address);
    onTestFinished(close);
    return { log, lines };
  }
});

await describeOnKafka('a broker without TLS', (bootstrap) => {
  it('hangs up on a client that speaks it, which says so', async () => {
    const failure = await refusalOf(bootstrap, { kafkaSsl: true });
    expect(failure.kind).toBe('outage');
    expect(failure.message).toContain('or no TLS?');
  });
});

async function expectToWork(log: Log) {
  const topic = `test.${randomUUID()}`;
  await log.ensureTopics([{ topic, partitions: 2 }]);
  await log.publish(topic, numbered(20));
  const member = new Member(log, topic, topic);
  await member.consumer.start();
  await until('all have come', () => member.records.length === 20);
  expect(member.failures).toEqual([]);
  return { topic, records: member.records, failures: member.failures };
}

/** How a log fails that waits for nothing. */
async function refusalOf(address: string, given: Record<string, unknown>) {
  const security = await kafkaSecurity(settingsSchema.parse(given));
  const kafka = kafkaClient({ clientId: 'test', brokers: [address], ...security });
  const log = openKafkaLog(address, { kafka, tuning: { startWaitMs: 0 } });
  onTestFinished(() => log.close());
  return failureOf(() => log.ensureTopics([{ topic: 'never', partitions: 1 }]));
}

function sasl(mechanism: (typeof MECHANISMS)[number], password: string = KAFKA_USER.password) {
  vi.stubEnv(PASSWORD_VARIABLE, password);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { mechanism, username: KAFKA_USER.username, passwordVariable: PASSWORD_VARIABLE };
}

/** A token for the user that nobody signed. */
function tokenUntil(secondsFromNow: number): string {
  const nowS = Math.floor(Date.now() / 1_000);
  const claims = { sub: KAFKA_USER.username, iat: nowS - 7_200, exp: nowS + secondsFromNow };
  const parts = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.`;
}
