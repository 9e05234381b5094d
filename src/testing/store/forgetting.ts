import { describe, expect, it } from 'vitest';
import { shadowLaneOf } from '../../stages/judges/shadow-name.ts';
import type { Question } from '../../stages/question.ts';
import { questionIdOf } from '../../stages/question.ts';
import { statuses } from '../../stages/status.ts';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  attemptOf,
  deadLetterOf,
  exampleOf,
  failedAttemptOf,
  finishedWith,
  listOf,
  newLane,
  newRun,
  type OpenStore,
  openForTest,
  questionOf,
  research,
  workOf,
} from './fixtures.ts';
import { putShadowLane, saidOf } from './shadows.ts';

const NOTHING = { questions: 0, submissions: 0, works: 0, examples: 0, deadLetters: 0 };

/** One of everything that a store can hold of a question. */
async function fill(store: Store, question: Question, lane: LaneName, run: string): Promise<void> {
  const work = (stage: string) => workOf(question, { lane, stage });
  await store.questions.accept(work('questions'), question, { run, position: 0, id: 'mine' });
  await store.research.complete(await claimed(store.research, work('research')), finishedWith(research));
  await store.putDeadLetter(deadLetterOf(work('generation')));
  const storage = await claimed(store.dataset, work('storage'));
  await store.dataset.complete(storage, finishedWith(exampleOf(question, { lane })));
  await store.move({ work: work('storage'), status: 'approved' });
}

async function forget(store: Store, question: Question) {
  const ids = [questionIdOf(question)];
  await store.forgotten.mark(ids);
  return store.forgotten.erase(ids);
}

/** Questions that are deleted for good. */
export function describeForgetting(open: OpenStore): void {
  describe('forgetting', () => {
    it('lets a death go that comes between the mark and the deletion, when its dead letter still stands', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const work = workOf(question, { stage: 'generation' });
      await store.putDeadLetter(deadLetterOf(work));
      await store.forgotten.mark([questionIdOf(question)]);
      await store.putDeadLetter(deadLetterOf({ ...work, drive: 1 }));
      await store.forgotten.erase([questionIdOf(question)]);
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });

    it('deletes a question from everywhere in all its lanes, and nothing of its neighbours', async () => {
      const { store, reopen } = await openForTest(open);
      const [gone, kept, one, two, run] = [questionOf(), questionOf(), newLane(), newLane(), newRun()];
      for (const [lane, asker] of [
        [one, newRun()],
        [two, run],
      ] as const) {
        await fill(store, gone, lane, asker);
        await fill(store, kept, lane, asker);
      }
      const whole = { questions: 2, submissions: 2, works: 2, examples: 2, deadLetters: 2 };
      expect(await store.forgotten.holdings([questionIdOf(gone)])).toEqual(whole);
      expect(await forget(store, gone)).toEqual(whole);
      expect(await forget(store, gone)).toEqual(NOTHING);
      const again = await reopen();
      expect(await again.forgotten.holdings([questionIdOf(gone)])).toEqual(NOTHING);
      expect(await again.forgotten.holdings([questionIdOf(kept)])).toEqual(whole);
      expect(await again.reports.histories(questionIdOf(gone))).toEqual([]);
      expect(totalOf((await again.reports.progress(one)).questions)).toBe(1);
      expect(totalOf(await again.runs.counts(run))).toBe(1);
      const rows = await listOf(again.reports.dataset({ lane: two, verdict: 'approved' }));
      expect(rows.map(({ example }) => example.questionId)).toEqual([questionIdOf(kept)]);
      const deadLetters = await listOf(again.deadLetters.list({}));
      expect(deadLetters.map(({ work }) => work?.questionId)).toEqual([
        questionIdOf(kept),
        questionIdOf(kept),
      ]);
    });

    it('takes what shadow judges said and made, though no question stands in their lanes', async () => {
      const { store, reopen } = await openForTest(open);
      const [gone, kept, live, shadow] = [questionOf(), questionOf(), newLane(), shadowLaneOf('stern')];
      await putShadowLane(store, shadow, live);
      for (const question of [gone, kept]) {
        const work = workOf(question, { lane: live, stage: 'review' });
        await store.questions.accept({ ...work, stage: 'questions' }, question, undefined);
        const held = await claimed(store.reviews, { ...work, lane: shadow });
        await store.reviews.complete(held, finishedWith(approval));
        await store.shadows.keep(saidOf(work));
      }
      const whole = { ...NOTHING, questions: 1, works: 2 };
      expect(await store.forgotten.holdings([questionIdOf(gone)])).toEqual(whole);
      expect(await forget(store, gone)).toEqual(whole);
      const late = workOf(gone, { lane: shadow, stage: 'review' });
      expect(await store.reviews.claim(late)).toEqual({ kind: 'forgotten' });
      const again = await reopen();
      expect(await again.forgotten.holdings([questionIdOf(gone)])).toEqual(NOTHING);
      expect(await again.forgotten.holdings([questionIdOf(kept)])).toEqual(whole);
    });

    it('also takes a dead letter that could not be decoded and has the question’s key', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const deadLetter = deadLetterOf(workOf(question));
      await store.putDeadLetter({ ...deadLetter, id: 't:0:1', work: undefined });
      expect((await forget(store, question)).deadLetters).toBe(1);
      await store.putDeadLetter({ ...deadLetter, id: 't:0:2', work: undefined });
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });

    it('lets nothing of a forgotten question in again', async () => {
      const { store } = await openForTest(open);
      const [question, lane, run] = [questionOf(), newLane(), newRun()];
      const work = (stage: string) => workOf(question, { lane, stage });
      await forget(store, question);
      await store.questions.accept(work('questions'), question, { run, position: 0 });
      const stores = {
        questions: store.questions,
        research: store.research,
        generation: store.generations,
        review: store.reviews,
        storage: store.dataset,
      };
      for (const [stage, its] of Object.entries(stores))
        expect([stage, await its.claim(work(stage))]).toEqual([stage, { kind: 'forgotten' }]);
      const unclaimed = {
        workId: workIdOf(work('storage')),
        token: (await claimed(store.dataset, workOf(questionOf()))).token,
      };
      await store.dataset.complete(unclaimed, finishedWith(exampleOf(question, { lane })));
      await store.putDeadLetter(deadLetterOf(work('research')));
      expect(await store.forgotten.holdings([questionIdOf(question)])).toEqual(NOTHING);
      expect(await store.runs.includes(run, questionIdOf(question))).toBe(false);
    });

    it('takes the work from a worker that is at it, whose late answer brings nothing back', async () => {
      const { store } = await openForTest(open);
      const [question, lane] = [questionOf(), newLane()];
      const work = workOf(question, { lane });
      await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
      const held = await claimed(store.research, work);
      await forget(store, question);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      const finished = finishedWith(research, { attempts: [failedAttemptOf(1), attemptOf(2)] });
      expect(await store.research.complete(held, finished)).toBe('lost');
      expect(await store.research.bury(held, work)).toBe('lost');
      expect(await store.research.renew([held])).toEqual([held.workId]);
      await store.move({ work, status: 'researched' });
      await store.research.markPublished([held.workId]);
      await store.research.release(held);
      expect(await store.research.claim(work)).toEqual({ kind: 'forgotten' });
      expect(await store.research.takeOver(work, { token: held.token, renewal: 0 })).toEqual({
        kind: 'forgotten',
      });
      expect(await store.forgotten.holdings([questionIdOf(question)])).toEqual(NOTHING);
    });

    it('leaves nothing behind when others write the same question at the same time', async () => {
      const { store } = await openForTest(open);
      const questions = Array.from({ length: 12 }, () => questionOf());
      const [lane, run] = [newLane(), newRun()];
      await Promise.all(
        questions.flatMap((question) => [
          store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, {
            run,
            position: 0,
          }),
          store.research.claim(workOf(question, { lane })),
          store.putDeadLetter(deadLetterOf(workOf(question, { lane }))),
          forget(store, question),
          store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined),
          store.generations.claim(workOf(question, { lane, stage: 'generation' })),
        ]),
      );
      expect(await store.forgotten.holdings(questions.map(questionIdOf))).toEqual(NOTHING);
      expect(totalOf((await store.reports.progress(lane)).questions)).toBe(0);
      expect(totalOf(await store.runs.counts(run))).toBe(0);
    });

    it('remembers across a restart what was begun and not finished', async () => {
      const { store, reopen } = await openForTest(open);
      const [one, two] = [questionIdOf(questionOf()), questionIdOf(questionOf())];
      await store.forgotten.mark([one, two]);
      expect(await store.forgotten.any()).toBe(true);
      await store.forgotten.finish([two]);
      const again = await reopen();
      expect(await again.forgotten.unfinished()).toEqual([one]);
      const known = questionIdOf(questionOf());
      expect(await again.forgotten.among([one, known, two])).toEqual(new Set([one, two]));
      expect([await again.forgotten.isMarked(one), await again.forgotten.isMarked(two)]).toEqual([
        true,
        true,
      ]);
      await again.forgotten.mark([two]);
      expect([...(await again.forgotten.unfinished())].sort()).toEqual([one, two].sort());
    });

    it('finds the questions of a run and of a subject', async () => {
      const { store } = await openForTest(open);
      const run = newRun();
      const [asked, other] = [questionOf(), { ...questionOf(), topic: 'alchemy' }];
      for (const lane of [newLane(), newLane()]) {
        await store.questions.accept(workOf(asked, { lane, stage: 'questions' }), asked, {
          run,
          position: 0,
        });
        await store.questions.accept(workOf(other, { lane, stage: 'questions' }), other, undefined);
      }
      expect(await store.forgotten.find({ kind: 'run', run })).toEqual([questionIdOf(asked)]);
      expect(await store.forgotten.find({ kind: 'subject', topic: 'alchemy' })).toEqual([
        questionIdOf(other),
      ]);
      expect(await store.forgotten.find({ kind: 'run', run: newRun() })).toEqual([]);
    });
  });
}

function totalOf(counts: Readonly<Record<string, number>>) {
  return statuses().reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}
