import { describe, expect, it } from 'vitest';
import { type Question, questionIdOf } from '../../stages/question.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  attemptOf,
  deadLetterOf,
  failedAttemptOf,
  finishedWith,
  newLane,
  newRun,
  type OpenStore,
  openForTest,
  questionOf,
  research,
  storedDeadLetter,
  workOf,
} from './fixtures.ts';

/** The whole story of a question. */
export function describeHistories(open: OpenStore): void {
  describe('histories', () => {
    it('tell a question’s whole story: works, attempts and dead letters, lane by lane', async () => {
      const { store } = await openForTest(open);
      const [question, one, two] = [questionOf(), newLane(), newLane()];
      for (const lane of [one, two])
        await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
      const work = workOf(question, { lane: one });
      const held = await claimed(store.research, work);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.complete(
        held,
        finishedWith(research, { attempts: [failedAttemptOf(1), attemptOf(2)] }),
      );
      for (const revision of [1, 0]) {
        const review = workOf(question, { lane: one, stage: 'review', revision });
        await store.reviews.complete(await claimed(store.reviews, review), finishedWith(approval));
      }
      const deadLetter = deadLetterOf(workOf(question, { lane: one, stage: 'generation' }));
      await store.putDeadLetter(deadLetter);
      const histories = await store.reports.histories(questionIdOf(question));
      expect(histories.map(({ lane }) => lane)).toEqual([two, one]);
      const [other, story] = histories;
      expect(other).toMatchObject({ status: 'pending', works: [], deadLetters: [] });
      expect(story?.works.map(({ stage, revision, state }) => [stage, revision, state])).toEqual([
        ['research', 0, 'done'],
        ['review', 0, 'done'],
        ['review', 1, 'done'],
      ]);
      expect(story?.works[0]).toMatchObject({
        model: 'gpt-x',
        recipe: 'abc123',
        attempts: [failedAttemptOf(1), attemptOf(2)],
        result: research,
      });
      expect(story?.deadLetters).toEqual([storedDeadLetter(deadLetter)]);
    });

    it('are found by the beginning of an id, and by nothing else', async () => {
      const { store } = await openForTest(open);
      const [question, lane] = [questionOf(), newLane()];
      const id = questionIdOf(question);
      await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
      for (const prefix of [id, id.slice(0, 6)])
        expect((await store.reports.histories(prefix)).map(({ questionId }) => questionId)).toEqual([id]);
      for (const prefix of [`${id}0`, id.slice(1), 'zz', '%', `${id.slice(0, 5)}~`])
        expect(await store.reports.histories(prefix)).toEqual([]);
    });

    it('are found by the ids that askers gave, the whole of one or its beginning', async () => {
      const { store } = await openForTest(open);
      const [one, two, lane, again] = [questionOf(), questionOf(), newLane(), newLane()];
      const own = newRun();
      const ask = (question: Question, id: string, asked = lane, run = newRun()) =>
        store.questions.accept(workOf(question, { lane: asked, stage: 'questions' }), question, {
          ...{ run, position: 0, id },
        });
      await ask(two, `${own}-é2`);
      for (const run of [newRun(), newRun()]) await ask(one, `${own}-é1`, lane, run);
      await ask(one, `${own}-é1`, again);
      await ask(two, `${own}-é1`);
      await ask(questionOf(), `${own}~`);
      const named = (userId: string, question: Question) => ({ userId, questionId: questionIdOf(question) });
      const first = [named(`${own}-é1`, one), named(`${own}-é1`, two)].toSorted((a, b) =>
        a.questionId < b.questionId ? -1 : 1,
      );
      expect(await store.reports.namedBy(`${own}-é1`)).toEqual(first);
      expect(await store.reports.namedBy(`${own}-`)).toEqual([...first, named(`${own}-é2`, two)]);
      expect(await store.reports.namedBy(`${own.slice(1)}-`)).toEqual([]);
      expect(await store.reports.namedBy(`${own}-é1%`)).toEqual([]);
    });

    it('show work in progress and dead work as such', async () => {
      const { store } = await openForTest(open);
      const [question, lane] = [questionOf(), newLane()];
      await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
      const dead = workOf(question, { lane });
      const held = await claimed(store.research, dead);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.research.bury(held, dead);
      await claimed(store.generations, workOf(question, { lane, stage: 'generation' }));
      const [history] = await store.reports.histories(questionIdOf(question));
      expect(history?.works.map(({ stage, state, attempts }) => [stage, state, attempts.length])).toEqual([
        ['research', 'dead', 1],
        ['generation', 'claimed', 0],
      ]);
    });
  });
}
