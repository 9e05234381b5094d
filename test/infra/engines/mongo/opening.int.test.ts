import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { COLLECTION_SPECS } from '../../../../src/infra/engines/mongo/collection-specs.ts';
import { uncountedWorks } from '../../../../src/infra/engines/mongo/counts/work-sums.ts';
import { classifyMongo } from '../../../../src/infra/engines/mongo/failure.ts';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { tallyOf } from '../../../../src/infra/engines/mongo/table/pipelines.ts';
import { countedSince, SHADOW_VERDICTS } from '../../../../src/stages/store/repositories/shadow-verdicts.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  newLane,
  newWork,
  questionOf,
  research,
} from '../../../../src/testing/store/fixtures.ts';
import { saidOf } from '../../../../src/testing/store/shadows.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { freePorts } from '../../../support/servers/free-ports.ts';
import { describeOnMongo, describeWithMembers } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';
import { standaloneMongo } from './rig/standalone.ts';

const HASTY = { selectionMs: 1_000 };

await describeOnMongo('opening a store on MongoDB', (uri) => {
  const databaseOf = (namespace: string) => {
    const client = new MongoClient(uri);
    onTestFinished(() => client.close());
    return client.db(namespace);
  };

  it('makes every collection, index and validator, and says nothing where all is well', async () => {
    const notices: string[] = [];
    const onNotice = (notice: string) => notices.push(notice);
    const { namespace } = await openForTest(uri, { onNotice });
    const db = databaseOf(namespace);
    const collections = await db.listCollections().toArray();
    expect(collections.map(({ name }) => name).toSorted()).toEqual(Object.keys(COLLECTION_SPECS).toSorted());
    for (const [name, { indexes, validator }] of Object.entries(COLLECTION_SPECS)) {
      const standing = await db.collection(name).indexes();
      expect(standing.map((index) => index.name).toSorted()).toEqual(
        ['_id_', ...indexes.map((index) => index.name)].toSorted(),
      );
      const options: unknown = collections.find((each) => each.name === name);
      expect(options).toMatchObject({
        options: { storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } },
      });
      if (validator !== undefined)
        expect(options).toMatchObject({
          options: { validationAction: 'error', validator: { $jsonSchema: validator } },
        });
    }
    expect(notices).toEqual([]);
  });

  it('is done by many processes at once', async () => {
    const { namespace } = await openForTest(uri);
    await databaseOf(namespace).dropDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openMongoStore({ uri, namespace })));
    for (const store of stores) await store.close();
    const made = await databaseOf(namespace).collection('questions').indexes();
    const wanted = COLLECTION_SPECS['questions']?.indexes.map(({ name }) => name) ?? [];
    expect(made.map(({ name }) => name).toSorted()).toEqual(['_id_', ...wanted].toSorted());
  });

  it('brings an older validator up to date', async () => {
    const { namespace, reopen } = await openForTest(uri);
    const db = databaseOf(namespace);
    await db.command({ collMod: 'research', validator: {} });
    await reopen();
    const [research] = await db.listCollections({ name: 'research' }, { nameOnly: false }).toArray();
    expect(research).toMatchObject({
      options: { validator: { $jsonSchema: COLLECTION_SPECS['research']?.validator } },
    });
  });

  it('makes the server refuse a malformed work, as poison', async () => {
    const { namespace } = await openForTest(uri);
    const malformed = { _id: 'main/q/research/0', state: 'finished', token: 7 };
    const inserting = databaseOf(namespace).collection<{ _id: string }>('research').insertOne(malformed);
    const error: unknown = await inserting.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 121 });
    expect(classifyMongo(error, 'claiming')).toMatchObject({ kind: 'poison', code: 'mongo_refused' });
  });

  it('lets a refused work die alone among those that are claimed with it', async () => {
    const { store } = await openForTest(uri);
    const works = Array.from({ length: 9 }, (_, index) => newWork({ revision: index === 5 ? -1 : 0 }));
    const claims = await Promise.allSettled(works.map((work) => store.research.claim(work)));
    expect(claims.map(({ status }) => status)).toEqual(
      works.map(({ revision }) => (revision < 0 ? 'rejected' : 'fulfilled')),
    );
    expect(claims[5]).toMatchObject({ reason: { kind: 'poison', code: 'mongo_refused' } });
  });

  it('refuses a result that no document can hold, as poison', async () => {
    const { store } = await openForTest(uri);
    const held = await claimed(store.generations, newWork({ stage: 'generation' }));
    const failure = await failureOf(() =>
      store.generations.complete(held, finishedWith('x'.repeat(16_000_000))),
    );
    expect(failure).toMatchObject({ kind: 'poison', code: 'mongo_too_large' });
  });

  it('has the sums of a lane counted from an index alone', async () => {
    const { store, namespace } = await openForTest(uri);
    const lane = newLane();
    for (let work = 1; work <= 3; work += 1) {
      const held = await claimed(store.research, newWork({ lane }));
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.complete(held, finishedWith(research));
    }
    const plan = await databaseOf(namespace)
      .collection('research')
      .aggregate(uncountedWorks(lane, 'none'), { hint: 'totals' })
      .explain('executionStats');
    expect(JSON.stringify(plan)).toContain('"totalDocsExamined":0');
    expect(JSON.stringify(plan)).toContain('"nReturned":3');
  });

  it('has the verdicts of a shadow judge counted from an index alone', async () => {
    const { store, namespace } = await openForTest(uri);
    for (let verdict = 1; verdict <= 3; verdict += 1) await store.shadows.keep(saidOf(newWork()));
    const plan = await databaseOf(namespace)
      .collection('shadow_verdicts')
      .aggregate(tallyOf(SHADOW_VERDICTS, countedSince('stern', '2026-01-01')), { hint: 'counts' })
      .explain('executionStats');
    expect(JSON.stringify(plan)).toContain('"totalDocsExamined":0');
    expect(JSON.stringify(plan)).toContain('"totalKeysExamined":3');
  });

  it('finds what ended when by an index alone: neither the progress nor `gc` reads a question that is not meant', async () => {
    const { store, namespace } = await openForTest(uri);
    const lane = newLane();
    const works = Array.from({ length: 20 }, () => newWork({ lane, stage: 'storage' }));
    await Promise.all(works.map((work) => store.questions.accept(work, questionOf(), undefined)));
    await Promise.all(works.map((work) => store.move({ work, status: 'approved' })));
    const db = databaseOf(namespace);
    await db.setProfilingLevel('all');
    expect(await store.reports.progress(lane)).toMatchObject({ endedLastMinute: works.length });
    expect(await store.cleanup.countOldSteps(new Date(Date.now() - 3_600_000))).toBe(0);
    await db.setProfilingLevel('off');
    const looks = await db
      .collection('system.profile')
      .find({ ns: `${namespace}.questions`, planSummary: { $exists: true } })
      .toArray();
    expect(looks.map(({ docsExamined }) => docsExamined)).toEqual(looks.map(() => 0));
    expect(looks.length).toBeGreaterThanOrEqual(4);
  });

  it('ends as fatal with a wrong password, and keeps it to itself', async () => {
    const withPassword = uri.replace(/^mongodb(\+srv)?:\/\/(\S*@)?/, 'mongodb$1://nobody:s3cr3t@');
    const failure = await failureOf(() => openMongoStore({ uri: withPassword, namespace: 'test-nobody' }));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'mongo_unauthorized' });
    expect(failure.message).not.toContain('s3cr3t');
  });

  it('ends as an outage soon where nobody listens, and names the host', async () => {
    const [port] = await freePorts(1);
    const uriOfNobody = `mongodb://nobody:s3cr3t@127.0.0.1:${port}/`;
    const failure = await failureOf(() =>
      openMongoStore({ uri: uriOfNobody, namespace: 'test-nobody', timeouts: HASTY }),
    );
    expect(failure).toMatchObject({ kind: 'outage', code: 'mongo_unavailable' });
    expect(failure.message).toContain(`127.0.0.1:${port}`);
    expect(failure.message).not.toContain('s3cr3t');
  });

  it.each([
    'mongodb://nobody:s3cr3t@@127.0.0.1:1/',
    'mongodb://nobody:s3cr3t@127.0.0.1:port/',
    'mongodb://nobody:s3cr3t%zz@127.0.0.1/',
    'mongo://nobody:s3cr3t@127.0.0.1/',
    'mongodb://nobody:s3cr3t@127.0.0.1/?no=such',
  ])('ends as fatal with a URI of no use, without its password: %s', async (useless) => {
    const failure = await failureOf(() => openMongoStore({ uri: useless, namespace: 'test-nobody' }));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'mongo_settings' });
    expect(JSON.stringify([failure.message, failure.facts])).not.toContain('s3cr3t');
  });
});

await describeWithMembers('a store on a single mongod', () => {
  it('says what is lost, and works all the same', async () => {
    const uri = await standaloneMongo();
    const notices: string[] = [];
    const { store } = await openForTest(uri, { onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([expect.stringContaining('no replica set')]);
    const held = await claimed(store.research, newWork());
    expect(await store.research.complete(held, finishedWith(research))).toBe('stored');
  });
});
