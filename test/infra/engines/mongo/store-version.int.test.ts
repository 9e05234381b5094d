import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { classifyMongo } from '../../../../src/infra/engines/mongo/failure.ts';
import { inspectMongo } from '../../../../src/infra/engines/mongo/inspect.ts';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';

/** What 0.1.0 makes at its start, before anything else. */
const INDEXES_OF_0_1_0 = [
  { name: 'lane_counts', key: { lane: 1, status: 1 } },
  { name: 'ended', key: { lane: 1, endedAt: 1 } },
] as const;

await describeOnMongo('the version of a store on MongoDB', (uri) => {
  const databaseOf = (namespace: string) => {
    const client = new MongoClient(uri);
    onTestFinished(() => client.close());
    return client.db(namespace);
  };

  it('is written down at the start, and a newer one is refused before anything is changed', async () => {
    const { namespace, reopen } = await openForTest(uri);
    const db = databaseOf(namespace);
    const version = { version: 99, by: '9.9.0' };
    expect(await db.collection('store').findOne()).toMatchObject({ version: expect.any(Number) });
    await db.collection('store').updateOne({}, { $set: version });
    await db.collection('questions').dropIndexes();
    const failure = await failureOf(() => reopen());
    expect(failure).toMatchObject({ kind: 'fatal', code: 'newer_data' });
    expect(failure.message).toMatch(/was written by Millrace 9\.9\.0 .* and this is .*: update Millrace/);
    expect(await db.collection('questions').indexes()).toHaveLength(1);
    expect(await db.collection('store').findOne()).toMatchObject(version);
    expect((await inspectMongo(uri, namespace)).newer).toBe(failure.message);
  });

  it('keeps 0.1.0 out with words that it prints', async () => {
    const { namespace } = await openForTest(uri);
    const questions = databaseOf(namespace).collection('questions');
    const refused = await questions.createIndexes([...INDEXES_OF_0_1_0]).catch((error: unknown) => error);
    const failure = classifyMongo(refused, 'preparing the collections', 'start');
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('this database is of Millrace 0.2.0 or newer: update Millrace');
  });

  it('is raised in a database of 0.1.0, whose index of the same name gives way, by many processes at once', async () => {
    const { namespace } = await openForTest(uri);
    const db = databaseOf(namespace);
    await db.collection('store').drop();
    await db.collection('questions').dropIndexes();
    await db.collection('questions').createIndexes([...INDEXES_OF_0_1_0]);
    const stores = await Promise.all([1, 2, 3].map(() => openMongoStore({ uri, namespace })));
    await Promise.all(stores.map((store) => store.close()));
    const keys = (await db.collection('questions').indexes()).map(({ name, key }) => [name, key]);
    expect(keys).toContainEqual(['lane_ends', { lane: 1, endedAt: 1 }]);
    expect(keys.map(([name]) => name)).not.toContain('lane_counts');
    expect(await db.collection('store').countDocuments()).toBe(1);
  });
});
