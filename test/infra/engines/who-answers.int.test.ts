import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kafkaClient } from '../../../src/infra/engines/kafka/client.ts';
import { KafkaLogAdmin } from '../../../src/infra/engines/kafka/log-admin.ts';
import { mixedUpBrokers } from '../../../src/infra/engines/kafka/mixed-up-brokers.ts';
import { connect } from '../../../src/infra/engines/mongo/connect.ts';
import { whoAnswers } from '../../../src/infra/engines/who-answers.ts';
import { failureOf } from '../../support/failure-of.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function webServer(): Promise<number> {
  return portOf(createHttp((_, reply) => reply.end('hello')));
}

/** What a user is told who gives this as the address of a broker. */
function toldOfBroker(broker: string) {
  const kafka = kafkaClient({ clientId: 'test', brokers: [broker] });
  const admin = new KafkaLogAdmin(
    kafka,
    async () => undefined,
    () => mixedUpBrokers([broker]),
  );
  onTestFinished(() => admin.close());
  return failureOf(() => admin.server());
}

const toldOfMongo = (uri: string) => failureOf(() => connect(uri));

describe('a web server', () => {
  it('is told from a broker and from a MongoDB', async () => {
    const port = await webServer();
    expect(await whoAnswers({ host: '127.0.0.1', port })).toEqual({ speaks: 'HTTP' });
    const [kafka, mongo] = await Promise.all([
      toldOfBroker(`127.0.0.1:${port}`),
      toldOfMongo(`mongodb://127.0.0.1:${port}`),
    ]);
    for (const failure of [kafka, mongo]) {
      expect(failure).toMatchObject({ kind: 'fatal', code: 'other_server' });
      expect(failure.message).toContain('speaks HTTP');
    }
  });
});

it('a server that says nothing, and one that is not there, are taken for nothing', async () => {
  const silent = await portOf(createServer());
  const closed = createServer();
  const gone = await portOf(closed);
  await new Promise((resolve) => closed.close(resolve));
  for (const port of [silent, gone]) expect(await whoAnswers({ host: '127.0.0.1', port })).toBeUndefined();
});

await describeOnMongo('a MongoDB', (uri) => {
  const address = new URL(uri.replace('mongodb', 'http'));
  const at = { host: address.hostname, port: Number(address.port) };

  it('is told from a broker', async () => {
    const failure = await toldOfBroker(`${at.host}:${at.port}`);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'other_server' });
    expect(failure.message).toContain('speaks MongoDB');
    expect(failure.message).toContain('exchanged');
  });

  it('says the name of its replica set to who wants another', async () => {
    const answer = await whoAnswers(at);
    const name = answer?.speaks === 'MongoDB' ? answer.setName : undefined;
    if (name === undefined) expect.fail('it has none');
    const failure = await toldOfMongo(`mongodb://${at.host}:${at.port}/?replicaSet=another`);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'other_server' });
    expect(failure.message).toContain(`named ${name}, and the URI wants another`);
  });
});

await describeOnKafka('a broker', (bootstrap) => {
  it('is told from a MongoDB', async () => {
    const failure = await toldOfMongo(`mongodb://${bootstrap.split(',')[0]}`);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'other_server' });
    expect(failure.message).toContain('speaks Kafka');
  });
});
