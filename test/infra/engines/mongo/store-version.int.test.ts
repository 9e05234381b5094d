import { MongoClient, MongoServerError } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { inspectMongo } from '../../../../src/infra/engines/mongo/inspect.ts';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';

/** Commit 4905ecd, src/infra/mongo/collection-specs.ts: the first collection that 0.1.0 prepares at its start. */
const QUESTIONS_OF_0_1_0 = {
  indexes: [
    { name: 'lane_counts', key: { lane: 1, status: 1 } },
    { name: 'run_counts', key: { runs: 1, status: 1 } },
    { name: 'run_topics', key: { runs: 1, topic: 1, subTopic: 1, status: 1 } },
    { name: 'by_question', key: { questionId: 1, addedAt: -1 } },
    { name: 'ended', key: { lane: 1, endedAt: 1 } },
    { name: 'newest_first', key: { lane: 1, addedAt: -1, _id: -1 } },
  ],
  validator: {
    bsonType: 'object',
    required: ['_id', 'lane', 'questionId', 'question', 'runs', 'status', 'rank'],
    properties: {
      question: { bsonType: 'string' },
      runs: { bsonType: 'array' },
      status: { bsonType: 'string' },
      rank: { bsonType: 'number', minimum: 0 },
    },
  },
} as const;
/** Commit 4905ecd, src/infra/mongo/mongo-failure.ts: the codes that end 0.1.0, and how much of the error it prints. */
const FATAL_TO_0_1_0 = [2, 9, 14, 20, 59, 73, 85, 86, 115, 123];
const PRINTED_BY_0_1_0 = 500;

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

  it('keeps 0.1.0 out with words that it prints, and before it changes anything', async () => {
    const { namespace } = await openForTest(uri);
    const questions = databaseOf(namespace).collection('questions');
    // It changes a validator that is not its own, and only then makes its indexes.
    const { validator } = (await questions.options()) ?? {};
    expect(validator).toEqual({ $jsonSchema: QUESTIONS_OF_0_1_0.validator });
    const before = await questions.indexes();
    const refused: unknown = await questions
      .createIndexes([...QUESTIONS_OF_0_1_0.indexes])
      .catch((error) => error);
    if (!(refused instanceof MongoServerError)) throw new Error('0.1.0 is not refused');
    expect(FATAL_TO_0_1_0).toContain(refused.code);
    const printed = refused.message.slice(0, PRINTED_BY_0_1_0);
    expect(printed).toContain('this database is of Millrace 0.2.0 or newer: update Millrace');
    expect(await questions.indexes()).toEqual(before);
  });

  it('is raised in a database of 0.1.0, whose index of the same name gives way, by many processes at once', async () => {
    const { namespace } = await openForTest(uri);
    const db = databaseOf(namespace);
    await db.collection('store').drop();
    await db.collection('questions').dropIndexes();
    await db.collection('questions').createIndexes([...QUESTIONS_OF_0_1_0.indexes]);
    const stores = await Promise.all([1, 2, 3].map(() => openMongoStore({ uri, namespace })));
    await Promise.all(stores.map((store) => store.close()));
    const keys = (await db.collection('questions').indexes()).map(({ name, key }) => [name, key]);
    expect(keys).toContainEqual(['lane_ends', { lane: 1, endedAt: 1 }]);
    expect(keys.map(([name]) => name)).not.toContain('lane_counts');
    expect(await db.collection('store').countDocuments()).toBe(1);
  });
});
