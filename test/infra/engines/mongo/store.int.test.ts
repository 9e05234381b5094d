import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { indexCollectionsOf } from '../../../../src/infra/engines/mongo/sources/documents.ts';
import { MongoFinder } from '../../../../src/infra/engines/mongo/sources/finder.ts';
import { openMongoIndex } from '../../../../src/infra/engines/mongo/sources/open.ts';
import type { MongoSourceIndex } from '../../../../src/infra/engines/mongo/sources/source-index.ts';
import { describeStore } from '../../../../src/testing/store-suite.ts';
import { describeIndex, type OpenedIndex } from '../../../conformance/documents/index-suite.ts';
import { describeVectors } from '../../../conformance/documents/vector-suite.ts';
import { describeJournals } from '../../../conformance/journals-suite.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { CommandPlans, costlySteps } from './command-plans.ts';
import { describeCounting } from './counting.ts';
import { openedInTurn, openedStore } from './opened.ts';
import { BY_RIGHT } from './plans-by-right.ts';
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
    const isRight = ({ collection, shape, step }: (typeof plans.costly)[number]) =>
      BY_RIGHT.some(
        (right) => right.collection === collection && right.step === step && right.shape.test(shape),
      );

    it('are all given by the suite, so that none goes unseen', () => {
      expect(plans.unreached()).toEqual([]);
    });

    it('find by indexes what they look for, but for those that read or sort more by right', () => {
      expect(plans.costly.filter((found) => !isRight(found))).toEqual([]);
    });

    it('read or sort more by right only where they still do', () => {
      const idle = BY_RIGHT.filter(
        ({ collection, shape, step }) =>
          !plans.costly.some(
            (each) => each.collection === collection && each.step === step && shape.test(each.shape),
          ),
      );
      expect(idle).toEqual([]);
    });

    it('are found out where they read all of a collection, or sort it', async () => {
      const client = await new MongoClient(uri).connect();
      const { namespace, close } = await openedStore(uri);
      const explain = (command: object) =>
        client.db(namespace).command({ explain: command, verbosity: 'executionStats' });
      const scan = await explain({ find: 'questions', filter: { rank: 3 } });
      expect(costlySteps(scan, 'questions')).toEqual(['COLLSCAN']);
      const sort = await explain({ find: 'questions', filter: { lane: 'main' }, sort: { rank: 1 } });
      expect(costlySteps(sort, 'questions')).toEqual(['SORT']);
      await close();
      await client.close();
    });
  });
});
