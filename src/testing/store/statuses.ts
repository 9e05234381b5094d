import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Review } from '../../stages/example.ts';
import { type Question, questionIdOf, type Submission } from '../../stages/question.ts';
import { rankOf, type Status, statuses } from '../../stages/status.ts';
import { statusCounts } from '../../stages/store/status-counts.ts';
import type { StatusCounts, Store } from '../../stages/store/store.ts';
import type { LaneName, WorkKey } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  exampleOf,
  finishedWith,
  listOf,
  newLane,
  newRun,
  newWork,
  type OpenStore,
  openForTest,
  questionOf,
  workOf,
} from './fixtures.ts';

const place = fc.record({
  status: fc.constantFrom(...statuses()),
  drive: fc.nat(2),
  revision: fc.nat(2),
});

/** Where questions stand, who asked them, and the counts that people watch. */
export function describeStatuses(open: OpenStore): void {
  describe('where a question stands', () => {
    it('is pending once it is accepted, and knows no question before', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      await store.move({ work, status: 'approved' });
      expect((await store.reports.progress(work.lane)).questions).toEqual(countsOf([]));
      await accept(store, work.lane, questionOf(), undefined);
      expect((await store.reports.progress(work.lane)).questions).toEqual(countsOf(['pending']));
    });

    it('only ever moves forward, whatever the order of the moves', async () => {
      const { store } = await openForTest(open);
      await fc.assert(
        fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 8 }), async (places) => {
          const question = questionOf();
          const lane = newLane();
          await accept(store, lane, question, undefined);
          for (const { status, ...where } of places)
            await store.move({ work: workOf(question, { lane, ...where }), status });
          expect(await statusOf(store, lane, question)).toBe(highest(places));
        }),
        { numRuns: 40 },
      );
    });

    it('is pending again for nobody: accepting it once more leaves it where it is', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      await accept(store, lane, question, undefined);
      await store.move({ work: workOf(question, { lane }), status: 'researched' });
      await accept(store, lane, question, { run: newRun(), position: 0 });
      expect(await statusOf(store, lane, question)).toBe('researched');
    });
  });

  describe('a lane', () => {
    it('lists its questions by id, each with its status and the review that ended it', async () => {
      const { store } = await openForTest(open);
      const [lane, other] = [newLane(), newLane()];
      const questions = Array.from({ length: 30 }, () => questionOf());
      for (const question of questions) await accept(store, lane, question, undefined);
      await accept(store, other, questionOf(), undefined);
      const [good = questionOf(), bad = questionOf()] = questions;
      await end(store, lane, good, approval);
      await end(store, lane, bad, { ...approval, score: 2, verdict: 'rejected' });
      const listed = await listOf(store.reports.questionsOf(lane));
      const byId = new Map(questions.map((question) => [questionIdOf(question), question]));
      expect(listed.map(({ questionId }) => questionId)).toEqual([...byId.keys()].toSorted());
      for (const { questionId, question, status, review } of listed) {
        expect(question).toEqual(byId.get(questionId));
        const ended = [good, bad].find((each) => questionIdOf(each) === questionId);
        const verdict = ended === undefined ? undefined : ended === good ? 'approved' : 'rejected';
        expect([status, review?.verdict]).toEqual([verdict ?? 'pending', verdict]);
      }
    });

    it('knows where one question stands, and nothing of one it does not know', async () => {
      const { store } = await openForTest(open);
      const [lane, question] = [newLane(), questionOf()];
      await accept(store, lane, question, undefined);
      await store.move({ work: workOf(question, { lane }), status: 'researched' });
      expect(await store.reports.statusOf(lane, questionIdOf(question))).toBe('researched');
      expect(await store.reports.statusOf(newLane(), questionIdOf(question))).toBeUndefined();
    });
  });

  describe('the counts', () => {
    it('equal a recount after any sequence of questions, askers, moves and repeats', async () => {
      const { store } = await openForTest(open);
      const step = fc.record({
        what: fc.constantFrom('accept', 'move', 'both'),
        question: fc.nat(3),
        lane: fc.nat(1),
        run: fc.nat(2),
        place,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const questions = [0, 1, 2, 3].map(() => questionOf());
          const lanes = [newLane(), newLane()];
          // A run works one lane.
          const runs = lanes.map(() => [newRun(), newRun(), newRun()]);
          for (const { what, question: q, lane: l, run: r, place: at } of steps) {
            const [question, lane, run] = [questions[q], lanes[l], runs[l]?.[r]];
            if (question === undefined || lane === undefined || run === undefined) continue;
            const { status, ...where } = at;
            const moving = () => store.move({ work: workOf(question, { lane, ...where }), status });
            const accepting = () => accept(store, lane, question, { run, position: q });
            await Promise.all([
              ...(what === 'move' ? [] : [accepting()]),
              ...(what === 'accept' ? [] : [moving()]),
            ]);
          }
          const recount = await recounted(store, questions);
          for (const lane of lanes) {
            const counts = countsOf(recount.get(lane) ?? []);
            expect((await store.reports.progress(lane)).questions).toEqual(counts);
            expect(await store.reports.counts(lane)).toEqual(counts);
          }
          for (const run of runs.flat())
            expect(await store.runs.counts(run)).toEqual(countsOf(recount.get(run) ?? []));
        }),
        { numRuns: 25 },
      );
    });
  });

  describe('a status that nobody knows', () => {
    it('is refused with words, and the moves beside it are made', async () => {
      const { store } = await openForTest(open);
      const [lane, questions] = [newLane(), [questionOf(), questionOf(), questionOf()]];
      for (const question of questions) await accept(store, lane, question, undefined);
      const statuses: readonly Status[] = JSON.parse('["researched", "checked", "researched"]');
      const moves = questions.map((question, index) =>
        store.move({ work: workOf(question, { lane }), status: statuses[index] ?? 'pending' }),
      );
      expect(await Promise.allSettled(moves)).toMatchObject([
        { status: 'fulfilled' },
        { status: 'rejected', reason: { kind: 'fatal', code: 'unknown_status' } },
        { status: 'fulfilled' },
      ]);
      const counts = countsOf(['researched', 'pending', 'researched']);
      expect((await store.reports.progress(lane)).questions).toEqual(counts);
    });
  });

  describe('who asked', () => {
    it('is kept beside the one question that two runs ask, and counts in both', async () => {
      const { store } = await openForTest(open);
      const [lane, question, one, two] = [newLane(), questionOf(), newRun(), newRun()];
      const first = { run: one, position: 3, id: 'mine', metadata: { difficulty: 'hard', tags: [1, 'ä'] } };
      const second = { run: two, position: 0 };
      for (const submission of [first, second, first]) await accept(store, lane, question, submission);
      await store.move({ work: workOf(question, { lane }), status: 'approved' });
      expect(await store.runs.counts(one)).toEqual(countsOf(['approved']));
      expect(await store.runs.counts(two)).toEqual(countsOf(['approved']));
      expect((await store.reports.progress(lane)).questions).toEqual(countsOf(['approved']));
      const [history, ...more] = await store.reports.histories(questionIdOf(question));
      expect(more).toEqual([]);
      expect(history).toMatchObject({ lane, status: 'approved', question });
      expect(history?.submissions).toHaveLength(2);
      expect(history?.submissions).toEqual(expect.arrayContaining([first, second]));
    });

    it('tells whether a run asked for a question', async () => {
      const { store } = await openForTest(open);
      const [question, run] = [questionOf(), newRun()];
      await accept(store, newLane(), question, { run, position: 0 });
      expect(await store.runs.includes(run, questionIdOf(question))).toBe(true);
      expect(await store.runs.includes(run, questionIdOf(questionOf()))).toBe(false);
      expect(await store.runs.includes(newRun(), questionIdOf(question))).toBe(false);
    });

    it('lists what stage 1 has not stored yet, in the order of the input', async () => {
      const { store } = await openForTest(open);
      const [lane, run] = [newLane(), newRun()];
      const questions = [questionOf(), questionOf(), questionOf()];
      for (const [index, question] of questions.entries())
        await accept(store, lane, question, { run, position: 10 - index, id: `id-${index}` });
      await store.move({ work: workOf(questions[1] ?? questionOf(), { lane }), status: 'questions_added' });
      const pending = await listOf(store.runs.pending(run));
      expect(pending).toEqual([
        { question: questions[2], submission: { run, position: 8, id: 'id-2' } },
        { question: questions[0], submission: { run, position: 10, id: 'id-0' } },
      ]);
      expect(await listOf(store.runs.pending(newRun()))).toEqual([]);
    });
  });
}

function accept(
  store: Store,
  lane: LaneName,
  question: Question,
  submission: Submission | undefined,
): Promise<void> {
  const work: WorkKey = workOf(question, { lane, stage: 'questions' });
  return store.questions.accept(work, question, submission);
}

async function end(store: Store, lane: LaneName, question: Question, review: Review): Promise<void> {
  const work = workOf(question, { lane, stage: 'storage' });
  const held = await claimed(store.dataset, work);
  await store.dataset.complete(held, finishedWith(exampleOf(question, { lane, review })));
  await store.move({ work, status: review.verdict === 'approved' ? 'approved' : 'rejected' });
}

async function statusOf(store: Store, lane: LaneName, question: Question): Promise<string | undefined> {
  const histories = await store.reports.histories(questionIdOf(question));
  return histories.find((history) => history.lane === lane)?.status;
}

/** The first to reach the highest rank stays. */
function highest(places: readonly Readonly<{ status: Status; drive: number; revision: number }>[]): Status {
  let [status, rank]: [Status, number] = ['pending', 0];
  for (const each of places) {
    const its = rankOf(each.status, each);
    if (its > rank) [status, rank] = [each.status, its];
  }
  return status;
}

/** The statuses of the questions, by the lanes they stand in and the runs that asked for them. */
async function recounted(store: Store, questions: readonly Question[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const question of questions)
    for (const { lane, status, submissions } of await store.reports.histories(questionIdOf(question)))
      for (const scope of [lane, ...submissions.map(({ run }) => run)])
        found.set(scope, [...(found.get(scope) ?? []), status]);
  return found;
}

function countsOf(statuses: readonly string[]): StatusCounts {
  return statusCounts(statuses.map((status) => [status, statuses.filter((each) => each === status).length]));
}
