import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { indexCollectionsOf } from '../../../../src/infra/engines/mongo/sources/documents.ts';
import { MongoFinder } from '../../../../src/infra/engines/mongo/sources/finder.ts';
import { openMongoIndex } from '../../../../src/infra/engines/mongo/sources/open.ts';
import type { MongoSourceIndex } from '../../../../src/infra/engines/mongo/sources/source-index.ts';
import { newWork, questionOf } from '../../../../src/testing/store/fixtures.ts';
import { describeStore } from '../../../../src/testing/store-suite.ts';
import { describeIndex, type OpenedIndex } from '../../../conformance/documents/index-suite.ts';
import { describeVectors } from '../../../conformance/documents/vector-suite.ts';
import { describeJournals } from '../../../conformance/journals-suite.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { describeCounting } from './counting.ts';
import { openedInTurn, openedStore } from './opened.ts';
import { CommandPlans } from './plans/command-plans.ts';
import { costlySteps } from './plans/costly-steps.ts';
import { idleRights, wrongs } from './plans/plans-by-right.ts';
import { describeWordIndex } from './word-index.ts';

await describeOnMongo('on a real MongoDB', (uri) => {
  const plans = new CommandPlans(uri);
  const { open, end } = openedInTurn(uri, { uri: plans.uri });
  const openExplained = async () => {
    const opened = await open();
    const close = () => plans.explain(opened.namespace).finally(opened.close);
    return { ...opened, close };
  };
  describeStore('MongoDB', openExplained);
  describeJournals(openExplained);
  afterAll(end);

  describeCounting(uri, async () => {
    const { close, ...opened } = await open();
    return { ...opened, close: () => plans.explain(opened.namespace).finally(close) };
  });

  describeWordIndex(uri, open);

  const openedIndex = async (): Promise<OpenedIndex> => {
    const opened = await open();
    const { namespace } = opened;
    const client = await new MongoClient(uri).connect();
    const indexes = [await openMongoIndex(plans.uri, namespace)] as [MongoSourceIndex, ...MongoSourceIndex[]];
    const finder = new MongoFinder(plans.uri, namespace);
    return {
      index: indexes[0],
      finder,
      other: async () => {
        const other = await openMongoIndex(plans.uri, namespace);
        indexes.push(other);
        return other;
      },
      expire: async (name) => {
        const gone = { $set: { writerUntil: new Date(0) } };
        await indexCollectionsOf(client.db(namespace)).sources.updateOne({ _id: name }, gone);
      },
      close: async () => {
        await plans.explain(namespace);
        await Promise.all([finder.close(), client.close(), ...indexes.map((each) => each.close())]);
        await opened.close();
      },
    };
  };
  describeIndex('MongoDB', openedIndex);
  describeVectors('MongoDB', openedIndex);

  /** After the suite, whose commands it looks at. */
  describe('the commands to MongoDB', () => {
    it('are all given by the suite, so that none goes unseen', () => {
      expect(plans.unreached()).toEqual([]);
    });

    it('find by indexes what they look for, but for those that read or sort more by right', () => {
      expect(wrongs(plans.costly)).toEqual([]);
    });

    it('read or sort more by right only where they still do', () => {
      expect(idleRights(plans.costly)).toEqual([]);
    });

    it('are found out where they read all of a collection, or sort it, or scan an index that bounds little', async () => {
      const client = await new MongoClient(uri).connect();
      const { store, namespace, close } = await openedStore(uri);
      const db = client.db(namespace);
      const stepsOf = async (command: object) =>
        costlySteps(await db.command({ explain: command, verbosity: 'executionStats' }), 'questions');
      const works = Array.from({ length: 20 }, () => newWork({ stage: 'storage' }));
      await Promise.all(works.map((work) => store.questions.accept(work, questionOf(), undefined)));
      await Promise.all(works.map((work) => store.move({ work, status: 'approved' })));

      expect(await stepsOf({ find: 'questions', filter: { rank: 3 } })).toEqual(['COLLSCAN']);
      const sorted = { find: 'questions', filter: { lane: 'main' }, sort: { rank: 1 } };
      expect(await stepsOf(sorted)).toContain('SORT');

      const endedAt = { $gte: new Date(Date.now() - 60_000) };
      const inTime = counting({ lane: 'main', endedAt });
      const ofStatuses = counting({ lane: 'main', status: { $in: ['approved', 'rejected'] }, endedAt });
      const before = {
        find: 'questions',
        filter: { endedAt: { $lt: new Date(0) } },
        sort: { _id: 1 },
        limit: 9,
      };
      expect(await stepsOf(inTime)).toEqual([]);
      expect(await stepsOf(ofStatuses)).toEqual(['IXSCAN lane_uncounted (status, lane)']);
      expect(await stepsOf(before)).toEqual(['IXSCAN _id_ ()']);
      await db.collection('questions').dropIndex('lane_ends');
      expect(await stepsOf(inTime)).toEqual(['IXSCAN newest_first (lane)']);
      await close();
      await client.close();
    });
  });
});

const counting = (query: object) => ({
  ...{ aggregate: 'questions', cursor: {} },
  pipeline: [{ $match: query }, { $group: { _id: 1, n: { $sum: 1 } } }],
});
