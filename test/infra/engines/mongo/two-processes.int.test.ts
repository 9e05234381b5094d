import { expect, it, onTestFinished } from 'vitest';
import type { MongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { questionIdOf } from '../../../../src/stages/question.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { claimed, heldBy, seenOf } from '../../../../src/testing/store/claiming.ts';
import {
  approval,
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
  takeAll,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';

await describeOnMongo('two processes on one MongoDB', (uri) => {
  /** Two stores that share nothing but the database. */
  const openTwo = async (): Promise<readonly [MongoStore, MongoStore, string]> => {
    const { store, namespace } = await openForTest(uri);
    const other = await openMongoStore({ uri, namespace });
    onTestFinished(() => other.close());
    return [store, other, namespace];
  };

  it('give a work to exactly one of fifty claims', async () => {
    const [one, two] = await openTwo();
    const work = newWork();
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? one : two).research.claim(work)),
    );
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'held')).toHaveLength(49);
  });

  it('give each of many works to one of them', async () => {
    const [one, two] = await openTwo();
    const works = Array.from({ length: 100 }, () => newWork());
    const winners = await Promise.all(
      works.map(async (work) => {
        const claims = await Promise.all([one.research.claim(work), two.research.claim(work)]);
        return claims.filter(({ kind }) => kind === 'claimed').length;
      }),
    );
    expect(new Set(winners)).toEqual(new Set([1]));
  });

  it('let nobody complete, bury or keep an attempt with a token that was lost', async () => {
    const [one, two] = await openTwo();
    const work = newWork({ lane: newLane() });
    const lost = await claimed(one.research, work);
    const taken = await two.research.takeOver(work, await seenOf(two.research, work));
    await one.research.recordAttempt(lost, failedAttemptOf(1));
    expect(await one.research.complete(lost, finishedWith(research))).toBe('lost');
    expect(await one.research.bury(lost, work)).toBe('lost');
    expect(await one.research.renew([lost])).toEqual([lost.workId]);
    expect(await two.research.complete(heldBy(work, taken), finishedWith(research))).toBe('stored');
    const { stages } = await one.reports.progress(work.lane);
    expect(stages.research).toMatchObject({ done: 1, dead: 0, failedAttempts: 0 });
  });

  it('leave a claim to the other one for as long as its lease', async () => {
    const [one, two] = await openTwo();
    const work = newWork();
    const held = await claimed(one.research, work);
    expect(await two.research.claim(work)).toMatchObject({ kind: 'held', token: held.token });
    await one.research.release(held);
    expect((await two.research.claim(work)).kind).toBe('claimed');
  });

  it('insert the same question, lane and run at the same moment without an error', async () => {
    const [one, two] = await openTwo();
    const [question, lane] = [questionOf(), newLane()];
    const run = { id: newRun(), lane, startedAt: '2026-01-01T00:00:00.000Z', input: 'a' };
    const work = workOf(question, { lane, stage: 'questions' });
    await Promise.all(
      [one, two, one, two].map(async (store) => {
        await store.runs.open(run);
        await store.questions.accept(work, question, { run: run.id, position: 0 });
        await store.move({ work, status: 'questions_added' });
      }),
    );
    const histories = await one.reports.histories(questionIdOf(question));
    expect(histories).toMatchObject([{ status: 'questions_added', submissions: [{ run: run.id }] }]);
    expect((await two.runs.counts(run.id)).questions_added).toBe(1);
  });

  it('leave the later revision in the dataset, whoever writes first', async () => {
    const [one, two] = await openTwo();
    const lane = newLane();
    const questions = Array.from({ length: 30 }, () => questionOf());
    const put = async ({ dataset }: MongoStore, question: (typeof questions)[number], revision: number) => {
      const work = workOf(question, { lane, stage: 'storage', revision });
      const finished = finishedWith(exampleOf(question, { lane, revision }));
      await dataset.complete(
        { workId: workIdOf(work), token: (await claimed(dataset, work)).token },
        finished,
      );
    };
    await Promise.all(questions.flatMap((question) => [put(one, question, 0), put(two, question, 1)]));
    const rows = await listOf(one.reports.dataset({ lane, verdict: 'approved' }));
    expect(rows.map(({ example }) => example.revision)).toEqual(questions.map(() => 1));
  });

  it('keep the dead letter of the later death, whoever writes first', async () => {
    const [one, two] = await openTwo();
    const works = Array.from({ length: 30 }, () => newWork());
    await Promise.all(
      works.flatMap((work) => [
        one.putDeadLetter(deadLetterOf(work)),
        two.putDeadLetter(deadLetterOf({ ...work, drive: 1 })),
      ]),
    );
    const deadLetters = await listOf(one.deadLetters.list({}));
    expect(deadLetters.map(({ work }) => work?.drive)).toEqual(works.map(() => 1));
  });

  it('take each dead letter once, whoever asks first', async () => {
    const [one, two] = await openTwo();
    const deadLetters = Array.from({ length: 40 }, () => deadLetterOf(newWork()));
    for (const deadLetter of deadLetters) await one.putDeadLetter(deadLetter);
    const taken = (await Promise.all([takeAll(one), takeAll(two)])).flat();
    expect(taken.map(({ id }) => id).toSorted()).toEqual(deadLetters.map(({ id }) => id).toSorted());
  });

  it('leave one end of a question that is approved and rejected at the same moment', async () => {
    const [one, two] = await openTwo();
    const lane = newLane();
    const rejection = { ...approval, verdict: 'rejected' as const };
    const questions = Array.from({ length: 30 }, () => questionOf());
    const put = async ({ dataset }: MongoStore, question: (typeof questions)[number], revision: number) => {
      const work = workOf(question, { lane, stage: 'storage', revision });
      const review = revision === 0 ? rejection : approval;
      const finished = finishedWith(exampleOf(question, { lane, revision, review }));
      await dataset.complete({ workId: workIdOf(work), token: operator() }, finished);
    };
    await Promise.all(questions.flatMap((question) => [put(one, question, 0), put(two, question, 1)]));
    expect(await listOf(one.reports.dataset({ lane, verdict: 'approved' }))).toHaveLength(30);
    expect(await listOf(one.reports.dataset({ lane, verdict: 'rejected' }))).toEqual([]);
  });

  it('close the dead letter of a work that another one finds done', async () => {
    const [one, two] = await openTwo();
    const work = newWork();
    await one.research.complete(await claimed(one.research, work), finishedWith(research));
    await one.putDeadLetter(deadLetterOf(work));
    expect((await two.research.claim(work)).kind).toBe('done');
    expect(await listOf(two.deadLetters.list({}))).toEqual([]);
  });
});
