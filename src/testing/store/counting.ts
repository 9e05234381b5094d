import { describe, expect, it } from 'vitest';
import type { AgentStage } from '../../stages/stage-names.ts';
import { byAgent } from '../../stages/stage-names.ts';
import type { Store } from '../../stages/store/store.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  attemptOf,
  failedAttemptOf,
  finishedWith,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  questionOf,
  research,
  usage,
  workOf,
} from './fixtures.ts';

const nothing = {
  done: 0,
  dead: 0,
  failedAttempts: 0,
  usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
  costUsd: 0,
  unpricedCalls: 0,
};

const times = (factor: number) => ({
  input: factor * usage.input,
  output: factor * usage.output,
  cached: factor * usage.cached,
  reasoning: factor * usage.reasoning,
});

/** What work cost, and by which recipe it was made. */
export function describeCounting(open: OpenStore): void {
  describe('what work cost', () => {
    it('is nothing in a lane where nothing was done', async () => {
      const { store } = await openForTest(open);
      expect((await store.reports.progress(newLane())).stages).toEqual({
        research: nothing,
        generation: nothing,
        review: nothing,
      });
    });

    it('knows what ended in the last minute at once', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'storage' });
      await store.questions.accept(work, question, undefined);
      await store.move({ work, status: 'approved' });
      expect((await store.reports.progress(work.lane)).endedLastMinute).toBe(1);
    });

    it('knows how often what died of a question was sent again', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'storage' });
      expect(await store.reports.driveOf(work.lane, work.questionId)).toBe(0);
      await store.questions.accept(work, question, undefined);
      await store.move({ work: { ...work, drive: 3, revision: 4 }, status: 'approved' });
      expect(await store.reports.driveOf(work.lane, work.questionId)).toBe(3);
    });

    it('knows how long the last approved questions took, and of no others', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      for (const status of ['approved', 'rejected', 'approved', 'researched'] as const) {
        const question = questionOf();
        const work = workOf(question, { lane, stage: 'storage' });
        await store.questions.accept(work, question, undefined);
        await store.move({ work, status });
      }
      const times = await store.reports.approvalTimesMs(lane, 9);
      expect(times).toHaveLength(2);
      for (const time of times) expect(time).toBeGreaterThanOrEqual(0);
      expect(await store.reports.approvalTimesMs(lane, 1)).toHaveLength(1);
    });

    it('counts each attempt and each end once, however often it is written', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      const held = await claimed(store.research, work);
      for (let repeat = 0; repeat < 3; repeat += 1)
        await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.recordAttempt(held, failedAttemptOf(2, { costUsd: null }));
      const finished = finishedWith(research, {
        attempts: [failedAttemptOf(1), failedAttemptOf(2), attemptOf(3)],
      });
      for (let repeat = 0; repeat < 3; repeat += 1) await store.research.complete(held, finished);
      const { stages } = await store.reports.progress(work.lane);
      expect(stages.research).toEqual({
        ...nothing,
        done: 1,
        failedAttempts: 2,
        usage: times(3),
        costUsd: 0.5,
        unpricedCalls: 1,
      });
      expect(stages.generation).toEqual(nothing);
    });

    it('counts a repeated attempt once even when the work has ended meanwhile', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      const held = await claimed(store.research, work);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.bury(held, work);
      await store.research.bury(held, work);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      const { stages } = await store.reports.progress(work.lane);
      expect(stages.research).toMatchObject({
        done: 0,
        dead: 1,
        failedAttempts: 1,
        usage: times(1),
        costUsd: 0.25,
      });
    });

    it('counts no failed attempt again when the work comes to its end without another call', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const failed = failedAttemptOf(1);
      const held = await claimed(store.research, newWork({ lane }));
      await store.research.recordAttempt(held, failed);
      await store.research.complete(held, finishedWith(research, { model: '', attempts: [failed] }));
      const { stages } = await store.reports.progress(lane);
      expect(stages.research).toMatchObject({ done: 1, failedAttempts: 1, costUsd: failed.costUsd });
      expect(stages.research.usage).toEqual(failed.usage);
    });

    it('does not count what the loser of a claim brings', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      const old = await claimed(store.research, work);
      await store.research.release(old);
      await store.research.complete(await claimed(store.research, work), finishedWith(research));
      await store.research.complete(old, finishedWith(research));
      await store.research.bury(old, work);
      expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({ done: 1, dead: 0 });
    });

    it('is kept per lane and stage', async () => {
      const { store } = await openForTest(open);
      const [one, two] = [newLane(), newLane()];
      await store.research.complete(
        await claimed(store.research, newWork({ lane: one })),
        finishedWith(research),
      );
      const review = newWork({ lane: one, stage: 'review' });
      await store.reviews.complete(await claimed(store.reviews, review), finishedWith(approval));
      const generation = newWork({ lane: two, stage: 'generation' });
      await store.generations.complete(
        await claimed(store.generations, generation),
        finishedWith({ prompt: 'P' }),
      );
      expect(await doneOf(store, one)).toEqual({ research: 1, generation: 0, review: 1 });
      expect(await doneOf(store, two)).toEqual({ research: 0, generation: 1, review: 0 });
    });

    it('survives a restart', async () => {
      const { store, reopen } = await openForTest(open);
      const lane = newLane();
      await store.research.complete(await claimed(store.research, newWork({ lane })), finishedWith(research));
      const before = await store.reports.progress(lane);
      expect(await (await reopen()).reports.progress(lane)).toEqual(before);
    });
  });

  describe('recipes', () => {
    it('are counted by the results they made, per lane and stage', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      for (const recipe of ['old', 'old', 'new']) {
        const held = await claimed(store.research, newWork({ lane }));
        await store.research.recordAttempt(held, failedAttemptOf(1));
        await store.research.complete(held, finishedWith(research, { recipe }));
      }
      const buried = newWork({ lane });
      await store.research.bury(await claimed(store.research, buried), buried);
      expect(await store.reports.recipes(lane, 'research')).toEqual(
        new Map([
          ['old', 2],
          ['new', 1],
        ]),
      );
      expect(await store.reports.recipes(lane, 'review')).toEqual(new Map());
      expect(await store.reports.recipes(newLane(), 'research')).toEqual(new Map());
    });
  });
}

async function doneOf(store: Store, lane: ReturnType<typeof newLane>): Promise<Record<AgentStage, number>> {
  const { stages } = await store.reports.progress(lane);
  return byAgent((stage) => stages[stage]?.done ?? 0);
}
