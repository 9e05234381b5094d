import { describe, expect, it } from 'vitest';
import type { Example, Review } from '../../stages/example.ts';
import { type Question, questionIdOf } from '../../stages/question.ts';
import type { Store } from '../../stages/store/store.ts';
import { type LaneName, type WorkKey, workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  exampleOf,
  finishedWith,
  listOf,
  newLane,
  newRun,
  type OpenStore,
  openForTest,
  questionOf,
  workOf,
} from './fixtures.ts';

const rejection: Review = { ...approval, score: 2, verdict: 'rejected', feedback: 'wrong' };

/** The ends of questions: examples, and those that did not pass. */
export function describeEnding(open: OpenStore): void {
  describe('the dataset', () => {
    it('comes in the order of the run’s input, with who asked, or else in the order of arrival', async () => {
      const { store } = await openForTest(open);
      const [lane, run] = [newLane(), newRun()];
      const questions = [questionOf(), questionOf(), questionOf(), questionOf()];
      for (const [index, question] of questions.entries())
        await accept(store, lane, question, { run, position: index, id: `id-${index}` });
      const arrival = [2, 0, 3, 1].flatMap((index) => questions[index] ?? []);
      for (const question of arrival) await end(store, lane, question);
      const rows = await listOf(store.reports.dataset({ lane, run, verdict: 'approved' }));
      expect(rows.map(({ submission }) => submission)).toEqual(
        questions.map((_, position) => ({ run, position, id: `id-${position}` })),
      );
      expect(rows.map(({ example }) => example.questionId)).toEqual(questions.map(questionIdOf));
      const all = await listOf(store.reports.dataset({ lane, verdict: 'approved' }));
      expect(all.map(({ example }) => example.questionId)).toEqual(arrival.map(questionIdOf));
    });

    it('leaves none out and holds none twice, of a run whose questions stand in several lanes', async () => {
      const { store } = await openForTest(open);
      const [lane, other, run] = [newLane(), newLane(), newRun()];
      const questions = Array.from({ length: 130 }, () => questionOf());
      for (const asked of [other, lane])
        await Promise.all(
          questions.map((question, position) => accept(store, asked, question, { run, position })),
        );
      await Promise.all(questions.map((question) => end(store, lane, question)));
      const ids = questions.map(questionIdOf);
      const idsOf = async (query: Readonly<{ run?: string }>) =>
        (await listOf(store.reports.dataset({ ...query, lane, verdict: 'approved' }))).map(
          ({ example }) => example.questionId,
        );
      expect(await idsOf({ run })).toEqual(ids);
      expect((await idsOf({})).toSorted()).toEqual(ids.toSorted());
      const all = await listOf(store.reports.questionsOf(lane));
      expect(all.map(({ questionId }) => questionId)).toEqual(ids.toSorted());
    });

    it('holds the approved, and the rejected apart', async () => {
      const { store, reopen } = await openForTest(open);
      const lane = newLane();
      const [good, bad] = [questionOf(), questionOf()];
      await end(store, lane, good);
      await end(store, lane, bad, { review: rejection });
      const check = async ({ reports }: Store) => {
        const approved = await listOf(reports.dataset({ lane, verdict: 'approved' }));
        const rejected = await listOf(reports.dataset({ lane, verdict: 'rejected' }));
        expect(approved.map(({ example }) => example)).toEqual([exampleOf(good, { lane })]);
        expect(rejected.map(({ example }) => example)).toEqual([exampleOf(bad, { lane, review: rejection })]);
        expect(approved.map(({ submission }) => submission)).toEqual([undefined]);
      };
      await check(store);
      await check(await reopen());
    });

    it('is found by question and revision, without a claim', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      await end(store, lane, question, { review: rejection, revision: 1 });
      const work = workOf(question, { lane, stage: 'storage', revision: 1 });
      expect((await store.dataset.find(work))?.result.review).toEqual(rejection);
      expect(await store.dataset.find({ ...work, revision: 0 })).toBeUndefined();
    });

    it('holds each question once, whoever asked it and however often it is stored', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      for (const run of [newRun(), newRun()]) await accept(store, lane, question, { run, position: 0 });
      for (let repeat = 0; repeat < 3; repeat += 1) await end(store, lane, question);
      expect(await listOf(store.reports.dataset({ lane, verdict: 'approved' }))).toHaveLength(1);
    });

    it('names the first run that asked a question, whoever asks it again', async () => {
      const { store } = await openForTest(open);
      const [lane, run, question] = [newLane(), newRun(), questionOf()];
      await end(store, lane, question);
      for (const n of [1, 2, 3]) {
        await accept(store, lane, question, { run: `${run}-${n}`, position: 0, id: `asked-${n}` });
        const [row] = await listOf(store.reports.dataset({ lane, verdict: 'approved' }));
        expect(row?.submission?.id).toBe('asked-1');
      }
    });

    it('holds each question once, in whatever lanes one run asked it', async () => {
      const { store } = await openForTest(open);
      const [lane, other, run, question] = [newLane(), newLane(), newRun(), questionOf()];
      for (const [position, each] of [other, lane].entries())
        await accept(store, each, question, { run, position });
      await end(store, lane, question);
      for (const query of [{ lane }, { lane, run }]) {
        const rows = await listOf(store.reports.dataset({ ...query, verdict: 'approved' }));
        expect(rows.map(({ example }) => example.questionId)).toEqual([questionIdOf(question)]);
      }
    });

    it('gives a run its own questions only, and those of its lane', async () => {
      const { store } = await openForTest(open);
      const [lane, run, mine] = [newLane(), newRun(), questionOf()];
      await accept(store, lane, mine, { run, position: 0 });
      await end(store, lane, mine);
      await end(store, lane, questionOf());
      await end(store, newLane(), mine);
      const rows = await listOf(store.reports.dataset({ lane, run, verdict: 'approved' }));
      expect(rows.map(({ example }) => [example.lane, example.questionId])).toEqual([
        [lane, questionIdOf(mine)],
      ]);
    });

    it('holds the highest revision of a question that was approved twice', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      await end(store, lane, question);
      await end(store, lane, question, { revision: 1 });
      const rows = await listOf(store.reports.dataset({ lane, verdict: 'approved' }));
      expect(rows.map(({ example }) => example.revision)).toEqual([1]);
    });

    it('is told of one question: where it stands, and its example', async () => {
      const { store } = await openForTest(open);
      const [lane, good, bad, waiting, none] = [
        newLane(),
        questionOf(),
        questionOf(),
        questionOf(),
        questionOf(),
      ];
      for (const [position, question] of [good, bad, waiting].entries())
        await accept(store, lane, question, { run: newRun(), position });
      await end(store, lane, good);
      await end(store, lane, bad, { review: rejection });
      await store.move({ work: workOf(good, { lane }), status: 'approved' });
      await store.move({ work: workOf(bad, { lane }), status: 'rejected' });
      const of = (question: Question) => store.reports.outcome(lane, questionIdOf(question));
      expect(await of(good)).toEqual({ status: 'approved', example: exampleOf(good, { lane }) });
      expect(await of(bad)).toEqual({
        status: 'rejected',
        example: exampleOf(bad, { lane, review: rejection }),
      });
      expect(await of(waiting)).toEqual({ status: 'pending', example: undefined });
      expect(await of(none)).toBeUndefined();
    });

    it('keeps an example’s texts to the letter', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const question = {
        ...questionOf(),
        text: 'Ünïcode ✓ "quoted" \\ \n\t 🚀 \u2028 end',
        context: 'long '.repeat(20_000).trim(),
      };
      const candidate = { prompt: '<script>', answer: '\u0000 and \ufffd', deep: { list: [1, null, true] } };
      await end(store, lane, question, { candidate });
      const [row] = await listOf(store.reports.dataset({ lane, verdict: 'approved' }));
      expect(JSON.stringify(row?.example) === JSON.stringify(exampleOf(question, { lane, candidate }))).toBe(
        true,
      );
    });

    it('holds one end of a question, that of the highest revision, whichever comes first', async () => {
      const { store } = await openForTest(open);
      const [lane, turned, back, late] = [newLane(), questionOf(), questionOf(), questionOf()];
      await end(store, lane, turned, { review: rejection });
      await end(store, lane, turned, { revision: 1 });
      await end(store, lane, back);
      await end(store, lane, back, { review: rejection, revision: 1 });
      await end(store, lane, late, { revision: 1 });
      await end(store, lane, late, { review: rejection });
      const idsIn = async (verdict: 'approved' | 'rejected') =>
        (await listOf(store.reports.dataset({ lane, verdict }))).map(({ example }) => example.questionId);
      expect(new Set(await idsIn('approved'))).toEqual(new Set([turned, late].map(questionIdOf)));
      expect(await idsIn('rejected')).toEqual([questionIdOf(back)]);
    });

    it('answers a claim of an end that stands, and says whether the ledger has it', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      const work = storageWork(lane, question);
      expect((await store.dataset.claim(work)).kind).toBe('claimed');
      await end(store, lane, question);
      expect(await store.dataset.claim(work)).toMatchObject({
        kind: 'done',
        published: false,
        finished: { result: { questionId: questionIdOf(question) } },
      });
      await store.dataset.markPublished([workIdOf(work)]);
      expect(await store.dataset.claim(work)).toMatchObject({ kind: 'done', published: true });
    });
  });
}

function storageWork(lane: LaneName, question: Question): WorkKey {
  return workOf(question, { lane, stage: 'storage' });
}

async function end(store: Store, lane: LaneName, question: Question, overrides: Partial<Example> = {}) {
  const work = { ...storageWork(lane, question), revision: overrides.revision ?? 0 };
  const claim = await store.dataset.claim(work);
  if (claim.kind === 'done') return;
  const held =
    claim.kind === 'claimed'
      ? { workId: workIdOf(work), token: claim.token }
      : await claimed(store.dataset, work);
  await store.dataset.complete(held, finishedWith(exampleOf(question, { lane, ...overrides })));
}

function accept(
  store: Store,
  lane: LaneName,
  question: Question,
  submission: Readonly<{ run: string; position: number; id?: string }>,
): Promise<void> {
  return store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, submission);
}
