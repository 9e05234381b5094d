import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collectionsOf } from '../../../../src/infra/engines/mongo/collections.ts';
import { uncountedOf } from '../../../../src/infra/engines/mongo/counts/question-counts.ts';
import { rollUp } from '../../../../src/infra/engines/mongo/counts/roll-up.ts';
import { uncountedWorks } from '../../../../src/infra/engines/mongo/counts/work-sums.ts';
import type { Question } from '../../../../src/stages/question.ts';
import { questionIdOf } from '../../../../src/stages/question.ts';
import type { Status } from '../../../../src/stages/status.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  newLane,
  newRun,
  questionOf,
  research,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import type { OpenedStore } from './opened.ts';

type Opened = Pick<OpenedStore, 'store' | 'namespace' | 'close'>;

/** A lane in which questions are asked by one run, and what is counted of it. */
export function laneOn(uri: string, { store, namespace }: Pick<OpenedStore, 'store' | 'namespace'>) {
  const client = new MongoClient(uri);
  onTestFinished(() => client.close());
  const db = client.db(namespace);
  const collections = collectionsOf(db);
  const [lane, run] = [newLane(), newRun()];
  const uncounted = async () => {
    const epoch = (await collections.counting.epoch()) ?? 'none';
    const sums = (rows: readonly { n?: number; done?: number }[]) =>
      rows.reduce((sum, { n = 0, done = 0 }) => sum + n + done, 0);
    const questions = collections.questions.aggregate<{ n: number }>(uncountedOf(lane, epoch));
    const works = collections.research.aggregate<{ done: number }>(uncountedWorks(lane, epoch));
    return sums(await questions.toArray()) + sums(await works.toArray());
  };
  const later = new Date(Date.now() + 60_000);
  return {
    ...{ store, db, collections, lane, run, uncounted },
    move: (question: Question, status: Status, drive = 0) =>
      store.move({ work: { ...workOf(question, { lane, stage: 'storage' }), drive }, status }),
    ask: async (question = questionOf()) => {
      const work = workOf(question, { lane, stage: 'questions' });
      await store.questions.accept(work, question, { run, position: 0 });
      return question;
    },
    /** A result with a failed call before it. */
    research: async (question: Question) => {
      const held = await claimed(store.research, workOf(question, { lane }));
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.complete(held, finishedWith(research));
    },
    roll: () => rollUp(collections, { now: later, least: 1, leastOnTheirWay: 1 }),
    counts: async () => ({
      progress: await store.reports.progress(lane),
      lane: await store.reports.counts(lane),
      recipes: [...(await store.reports.recipes(lane, 'research'))],
    }),
  };
}

/** @param open a store, and whatever is to be done with it before its end. */
export function describeCounting(uri: string, open: () => Promise<Opened>): void {
  const laneHere = async () => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return laneOn(uri, opened);
  };
  /** Two that were worked and rejected, and one that waits. */
  const lanesOfThree = async () => {
    const here = await laneHere();
    const [ended, moved, waiting] = [await here.ask(), await here.ask(), await here.ask()];
    for (const question of [ended, moved]) {
      await here.research(question);
      await here.move(question, 'rejected');
    }
    return { ...here, ended, moved, waiting };
  };

  describe('counts of a lane', () => {
    it('are the same before and after the counters know it, and right of what moved since', async () => {
      const { moved, waiting, research: researched, move, roll, uncounted, counts } = await lanesOfThree();
      const before = await counts();
      expect(before.lane).toMatchObject({ rejected: 2, pending: 1 });
      expect(before.progress.stages.research).toMatchObject({ done: 2, failedAttempts: 2 });
      expect(await uncounted()).toBe(5);
      await roll();
      expect([await uncounted(), await counts()]).toEqual([0, before]);

      await move(moved, 'approved', 1);
      await researched(waiting);
      const after = await counts();
      expect(after.progress.questions).toMatchObject({ approved: 1, rejected: 1, pending: 1 });
      expect(after.progress.stages.research).toMatchObject({ done: 3, failedAttempts: 3 });
      expect(after.recipes.map(([, count]) => count)).toEqual([3]);
      await roll();
      expect([await uncounted(), await counts()]).toEqual([0, after]);
      await move(moved, 'rejected', 2);
      expect((await counts()).lane).toMatchObject({ approved: 0, rejected: 2, pending: 1 });
    });

    it('are the same whatever step of a roll-up a process dies in, and the next one finishes it', async () => {
      const { collections, counts, roll, uncounted } = await lanesOfThree();
      const before = await counts();
      const { questions, research: works, counters } = collections;
      const steps: readonly (readonly [object, string])[] = [
        [works, 'countDocuments'],
        [counters, 'bulkWrite'],
        [works, 'updateMany'],
        [questions, 'countDocuments'],
        [questions, 'updateMany'],
      ];
      for (const [collection, step] of steps) {
        const died = new Error('killed');
        const real: (...given: unknown[]) => Promise<unknown> = Reflect.get(collection, step);
        Object.defineProperty(collection, step, {
          configurable: true,
          value: async (...given: unknown[]) => {
            await Reflect.apply(real, collection, given);
            throw died;
          },
        });
        await expect(roll(), step).rejects.toBe(died);
        Reflect.deleteProperty(collection, step);
        expect(await counts(), `after ${step}`).toEqual(before);
      }
      await roll();
      expect([await uncounted(), await counts()]).toEqual([0, before]);
    });

    it('are the same to whoever reads them while they are taken into the counters', async () => {
      const { ask, move, roll, counts, uncounted } = await laneHere();
      for (const question of await Promise.all(Array.from({ length: 12 }, () => ask())))
        await move(question, 'rejected');
      const before = await counts();
      const reading = async () => {
        for (let round = 0; round < 12; round += 1) expect(await counts()).toEqual(before);
      };
      await Promise.all([reading(), reading(), roll(), roll()]);
      expect(await uncounted()).toBe(0);
    });

    it('are right while questions are rolled up, moved and forgotten by several at once', async () => {
      const { ask, research: researched, move, roll, counts, store } = await laneHere();
      const asked = await Promise.all(Array.from({ length: 24 }, () => ask()));
      const gone = asked.slice(0, 8).map(questionIdOf);
      await Promise.all([
        ...asked.map(async (question) => {
          await researched(question).catch(() => undefined);
          await move(question, 'rejected');
          await move(question, 'approved', 1);
        }),
        ...[1, 2, 3, 4].map(roll),
        store.forgotten.mark(gone).then(() => store.forgotten.erase(gone)),
      ]);
      await store.forgotten.erase(gone);
      for (const _ of [1, 2]) {
        const { progress, lane } = await counts();
        expect([progress.questions, lane.approved, lane.rejected]).toEqual([lane, 16, 0]);
        expect(progress.stages.research).toMatchObject({ done: 16, failedAttempts: 16 });
        await roll();
      }
    });

    it('lose what is forgotten, and a lane that is deleted', async () => {
      const { moved, move, roll, counts, store, lane, collections } = await lanesOfThree();
      await roll();
      await move(moved, 'approved', 1);
      const id = questionIdOf(moved);
      await store.forgotten.mark([id]);
      expect(await store.forgotten.erase([id])).toMatchObject({ questions: 1, works: 1 });
      const { progress } = await counts();
      expect(progress.questions).toMatchObject({ approved: 0, rejected: 1, pending: 1 });
      expect(progress.stages.research).toMatchObject({ done: 1, failedAttempts: 1 });
      await store.cleanup.dropLane(lane);
      expect((await counts()).progress.stages.research.done).toBe(0);
      expect(await collections.counters.countDocuments({ _id: { $regex: lane } })).toBe(0);
    });

    it('begin anew where the counters are those of other documents: deleted, or from another dump', async () => {
      const { collections, counts, roll, uncounted } = await lanesOfThree();
      const before = await counts();
      await roll();
      const stale = await collections.counters.find().toArray();
      await collections.counters.drop();
      expect(await counts()).toEqual(before);
      await collections.counters.insertMany(stale);
      expect([await uncounted(), await counts()]).toEqual([5, before]);
      await roll();
      expect([await uncounted(), await counts()]).toEqual([0, before]);
    });

    it('read no document, and nothing of what the counters know', async () => {
      const { moved, move, roll, lane, collections } = await lanesOfThree();
      await roll();
      await move(moved, 'approved', 1);
      const epoch = (await collections.counting.epoch()) ?? 'none';
      const questions = collections.questions.aggregate(uncountedOf(lane, epoch), { hint: 'lane_uncounted' });
      const works = collections.research.aggregate(uncountedWorks(lane, epoch), { hint: 'totals' });
      for (const [looked, found] of [[questions, 1] as const, [works, 0] as const]) {
        const plan = JSON.stringify(await looked.explain('executionStats'));
        expect(plan).toContain('"totalDocsExamined":0');
        expect(plan).toContain(`"nReturned":${found}`);
        const keys = Number(/"totalKeysExamined":(\d+)/.exec(plan)?.[1]);
        // One for each gap between what is looked for, whatever stands there.
        expect(keys).toBeLessThanOrEqual(found + 20);
      }
    });
  });
}
