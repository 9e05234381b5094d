import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import { finishedWith, listOf, newWork, operator, research } from '../../../../src/testing/store/fixtures.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeWithMembers } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { openForTest } from './opened.ts';
import { expectAllOf, startLoad } from './rig/load.ts';

/** Short, so that an outage is noticed at once. */
const HASTY = { connectMs: 1_000, selectionMs: 1_000, socketMs: 2_000, majorityMs: 1_500 };

/** A wait that is in vain says so itself. */
const LONGER_THAN_ITS_WAITS_MS = 400_000;

await describeWithMembers('a store', (start) => {
  it(
    'loses no acknowledged write when mongod is killed and restarted three times under load',
    async () => {
      const cluster = await start();
      const { store } = await openForTest(cluster.address, { timeouts: HASTY });
      const load = startLoad(store);
      for (let round = 1; round <= 3; round += 1) {
        const before = load.done();
        await until('work goes on', () => load.done() > before + 30);
        await cluster.kill();
        const heard = load.failures().length;
        await until('the outage is noticed', () => load.failures().length > heard);
        await cluster.restart();
      }
      await load.end();
      await expectAllOf(store, load);
    },
    LONGER_THAN_ITS_WAITS_MS,
  );

  it(
    'goes on with the next primary, and nothing is lost or counted twice',
    async () => {
      const cluster = await start(3);
      const { store } = await openForTest(cluster.address);
      const load = startLoad(store);
      for (let round = 1; round <= 2; round += 1) {
        const before = load.done();
        await until('work goes on', () => load.done() > before + 30);
        const primary = await cluster.primary();
        await cluster.kill(primary);
        await until('another is the primary', async () => (await cluster.primary()) !== primary);
        await cluster.restart(primary);
      }
      await load.end();
      await expectAllOf(store, load);
    },
    LONGER_THAN_ITS_WAITS_MS,
  );

  it('ends every operation as an outage while mongod is stopped, and goes on when it continues', async () => {
    const cluster = await start();
    const { store } = await openForTest(cluster.address, { timeouts: HASTY });
    const work = newWork();
    const held = await claimed(store.research, work);
    cluster.freeze();
    const failures = await Promise.all([
      failureOf(() => store.research.claim(newWork())),
      failureOf(() => store.research.complete(held, finishedWith(research))),
      failureOf(() => store.move({ work, status: 'researched' })),
      failureOf(() => store.reports.progress(work.lane)),
      failureOf(() => store.deadLetters.take(operator(), [{ id: 'a', drive: 0 }])),
      failureOf(() => listOf(store.deadLetters.list({}))),
    ]);
    expect(failures.map(({ kind }) => kind)).toEqual(failures.map(() => 'outage'));
    cluster.thaw();
    await until(
      'mongod answers',
      () =>
        store.runs.latest().then(
          () => true,
          () => false,
        ),
      90_000,
    );
    expect(await store.research.complete(held, finishedWith(research))).toBe('stored');
  });

  it('ends a write that fills the connection to a mongod that is stopped', async () => {
    const cluster = await start();
    const { store } = await openForTest(cluster.address, { timeouts: HASTY });
    // More than both ends buffer.
    const large = finishedWith({ text: 'x'.repeat(12_000_000) });
    const works = Array.from({ length: 2 }, () => newWork({ stage: 'generation' }));
    const held = await Promise.all(works.map((work) => claimed(store.generations, work)));
    cluster.freeze();
    const failures = await Promise.all(
      held.map((each) => failureOf(() => store.generations.complete(each, large))),
    );
    expect(failures.map(({ kind }) => kind)).toEqual(['outage', 'outage']);
  });

  it('does not call a result stored before a majority has it', async () => {
    const cluster = await start();
    const { store } = await openForTest(cluster.address);
    const held = await claimed(store.research, newWork());
    const client = new MongoClient(cluster.address);
    onTestFinished(() => client.close());
    const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' };
    await client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['update'], writeConcernError },
    });
    const failure = await failureOf(() => store.research.complete(held, finishedWith(research)));
    expect(failure).toMatchObject({ kind: 'outage', code: 'mongo_unavailable' });
    expect(await store.research.complete(held, finishedWith(research))).toBe('stored');
  });

  it('repeats by itself what a primary that steps down refuses', async () => {
    const cluster = await start();
    const { store } = await openForTest(cluster.address);
    const client = new MongoClient(cluster.address);
    onTestFinished(() => client.close());
    await client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 2 },
      data: { failCommands: ['insert'], errorCode: 189 },
    });
    expect((await store.research.claim(newWork())).kind).toBe('claimed');
  });
});
