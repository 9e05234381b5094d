import { describe, expect, it } from 'vitest';
import type { MongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { questionIdOf } from '../../../../src/stages/question.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { claimed, heldBy, seenOf } from '../../../../src/testing/store/claiming.ts';
import {
  deadLetterOf,
  exampleOf,
  failedAttemptOf,
  finishedWith,
  listOf,
  newLane,
  newRun,
  newWork,
  operator,
  questionOf,
  research,
  storedDeadLetter,
  takeAll,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { shownOf } from '../../../../src/testing/store/review-queue.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';
import { cuttingProxy } from './rig/cutting-proxy.ts';

type Cut = (command: string) => void;

type Repeat = <T>(write: () => Promise<T>) => Promise<T>;

const onceOnly: Repeat = (write) => write();

/** What every caller does: an outage is waited out, anything else is not. */
const whileAway: Repeat = async (write) => {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Failure && error.kind === 'outage') return whileAway(write);
    throw error;
  }
};

const cases: readonly Readonly<{ times: number; who: string; repeated: Repeat }>[] = [
  { times: 1, who: 'by the store itself', repeated: onceOnly },
  { times: 3, who: 'by the caller, who heard of an outage', repeated: whileAway },
];

await describeOnMongo('a write whose reply is lost', (uri) => {
  describe.each(cases)('and which is repeated $who', ({ times, repeated }) => {
    const onProxy = (name: string, test: (store: MongoStore, cut: Cut) => Promise<void>) =>
      it(name, async () => {
        const proxy = await cuttingProxy(uri);
        const { store } = await openForTest(uri, { uri: proxy.uri });
        await test(store, (command) => proxy.cutReplies(command, times));
        expect(proxy.left()).toBe(0);
      });

    onProxy('claims the work for us, once', async ({ research: works }, cut) => {
      const work = newWork();
      cut('insert');
      expect(await repeated(() => works.claim(work))).toMatchObject({ kind: 'claimed', attempts: [] });
      expect((await works.claim(work)).kind).toBe('held');
    });

    onProxy('gives each of many works claimed together to us', async ({ research: works }, cut) => {
      const keys = Array.from({ length: 20 }, () => newWork());
      cut('insert');
      const claims = await Promise.all(keys.map((key) => repeated(() => works.claim(key))));
      expect(claims.every(({ kind }) => kind === 'claimed')).toBe(true);
    });

    onProxy('takes an abandoned claim over, with its attempts', async ({ research: works }, cut) => {
      const work = newWork();
      const old = await claimed(works, work);
      await works.recordAttempt(old, failedAttemptOf(1));
      const seen = await seenOf(works, work);
      cut('update');
      const taken = await repeated(() => works.takeOver(work, seen));
      expect(taken).toMatchObject({ kind: 'claimed', attempts: [failedAttemptOf(1)] });
      expect(await works.complete(old, finishedWith(research))).toBe('lost');
      expect(await works.complete(heldBy(work, taken), finishedWith(research))).toBe('stored');
    });

    onProxy('stores the result and counts it once', async ({ research: works, reports }, cut) => {
      const work = newWork({ lane: newLane() });
      const held = await claimed(works, work);
      cut('update');
      expect(await repeated(() => works.complete(held, finishedWith(research)))).toBe('stored');
      const { stages } = await reports.progress(work.lane);
      expect(stages.research).toMatchObject({ done: 1, costUsd: 0.25, usage: { input: 1_000 } });
    });

    onProxy('counts a failed attempt once', async ({ research: works, reports }, cut) => {
      const work = newWork({ lane: newLane() });
      const held = await claimed(works, work);
      cut('update');
      await repeated(() => works.recordAttempt(held, failedAttemptOf(1)));
      const { stages } = await reports.progress(work.lane);
      expect(stages.research).toMatchObject({ failedAttempts: 1, costUsd: 0.25 });
    });

    onProxy('claims one question for a reviewer, and no second one', async ({ reviewQueue }, cut) => {
      const lane = newLane();
      for (let index = 0; index < 3; index += 1) {
        const work = newWork({ lane, stage: 'review' });
        await reviewQueue.put(work, shownOf(work, 'score'));
      }
      const claim = { reviewer: 'Ann', token: operator(), forMs: 60_000 };
      cut('update');
      const claimed = await repeated(() => reviewQueue.claimNext(lane, claim));
      expect(claimed?.claimedBy).toBe('Ann');
      const { entries } = await reviewQueue.queue({ lane, limit: 9 });
      expect(entries.filter(({ claimedBy }) => claimedBy !== undefined)).toHaveLength(1);
    });

    onProxy('buries the work, and gives it back where it is released', async ({ research: works }, cut) => {
      const [dead, free] = [newWork(), newWork()];
      const [held, released] = [await claimed(works, dead), await claimed(works, free)];
      cut('update');
      expect(await repeated(() => works.bury(held, dead))).toBe('stored');
      cut('update');
      await repeated(() => works.release(released));
      expect((await works.claim(dead)).kind).toBe('dead');
      expect((await works.claim(free)).kind).toBe('claimed');
    });

    onProxy('loses no claim that is renewed', async ({ research: works }, cut) => {
      const held = [await claimed(works, newWork()), await claimed(works, newWork())];
      cut('update');
      expect(await repeated(() => works.renew(held))).toEqual([]);
    });

    onProxy('accepts a question and moves it, in all counts once', async (store, cut) => {
      const [question, lane, run] = [questionOf(), newLane(), newRun()];
      const work = workOf(question, { lane, stage: 'questions' });
      cut('insert');
      await repeated(() => store.questions.accept(work, question, { run, position: 0 }));
      cut('update');
      await repeated(() => store.move({ work, status: 'approved' }));
      const [story] = await store.reports.histories(questionIdOf(question));
      expect(story).toMatchObject({ status: 'approved', submissions: [{ run, position: 0 }] });
      expect((await store.runs.counts(run)).approved).toBe(1);
      expect((await store.reports.progress(lane)).questions.approved).toBe(1);
    });

    onProxy('keeps one dead letter, hands it out once and closes it', async (store, cut) => {
      const deadLetter = deadLetterOf(newWork());
      cut('insert');
      await repeated(() => store.putDeadLetter(deadLetter));
      expect(await listOf(store.deadLetters.list({}))).toEqual([storedDeadLetter(deadLetter)]);
      cut('update');
      const [by, seen] = [operator(), [{ id: deadLetter.id, drive: 0 }]];
      expect(await repeated(() => store.deadLetters.take(by, seen))).toMatchObject([
        { id: deadLetter.id, drive: 1 },
      ]);
      expect(await takeAll(store)).toEqual([]);
      cut('update');
      await repeated(() => store.closeDeadLetter(deadLetter.id));
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });

    onProxy('puts an example into the dataset once', async ({ dataset, reports }, cut) => {
      const [question, lane] = [questionOf(), newLane()];
      const work = workOf(question, { lane, stage: 'storage' });
      const held = await claimed(dataset, work);
      cut('insert');
      await repeated(() => dataset.complete(held, finishedWith(exampleOf(question, { lane }))));
      cut('update');
      await repeated(() => dataset.markPublished([workIdOf(work)]));
      expect(await dataset.claim(work)).toMatchObject({ kind: 'done', published: true });
      expect(await listOf(reports.dataset({ lane, verdict: 'approved' }))).toHaveLength(1);
    });

    onProxy('opens a run', async ({ runs }, cut) => {
      const run = { id: newRun(), lane: newLane(), startedAt: '2026-01-01T00:00:00.000Z', input: 'a' };
      cut('update');
      await repeated(() => runs.open(run));
      expect(await runs.latest()).toEqual(run);
    });
  });
});
