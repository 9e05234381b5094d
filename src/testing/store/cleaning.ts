import { describe, expect, it } from 'vitest';
import { recipesOf } from '../../infra/config/recipes.ts';
import { settingsSchema } from '../../infra/config/settings.ts';
import { shadowLaneOf } from '../../stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { questionIdOf } from '../../stages/question.ts';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  deadLetterOf,
  exampleOf,
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

const LATER = new Date(Date.now() + 3_600_000);
const EARLIER = new Date(Date.now() - 3_600_000);

async function openLane(store: Store, name: LaneName, parent: LaneName = MAIN_LANE): Promise<void> {
  const recipes = await recipesOf(settingsSchema.parse({}));
  await store.lanes.put({ name, recipes, simulated: false, createdAt: '2026-01-01T00:00:00.000Z', parent });
}

/** A lane with one question that has come to its end, and one of everything beside it. */
async function finishedLane(store: Store, name = newLane()) {
  const [question, run] = [questionOf(), newRun()];
  const work = (stage: string) => workOf(question, { lane: name, stage });
  await openLane(store, name);
  await store.runs.open({ id: run, lane: name, startedAt: '2026-01-01T00:00:00.000Z', input: 'x' });
  await store.questions.accept(work('questions'), question, { run, position: 0 });
  await store.research.complete(await claimed(store.research, work('research')), finishedWith(research));
  const storage = await claimed(store.dataset, work('storage'));
  await store.dataset.complete(storage, finishedWith(exampleOf(question, { lane: name })));
  await store.move({ work: work('storage'), status: 'approved' });
  return { name, question, run };
}

/** What is old and settled. */
export function describeCleaning(open: OpenStore): void {
  describe('cleaning up', () => {
    it('finds lanes in which everything has ended since long, and never main', async () => {
      const { store } = await openForTest(open);
      await finishedLane(store, MAIN_LANE);
      const { name } = await finishedLane(store);
      expect(await store.cleanup.idleLanes(LATER)).toEqual([{ name, questions: 1 }]);
      expect(await store.cleanup.idleLanes(EARLIER)).toEqual([]);
      expect(await store.cleanup.busyLanes()).toEqual([]);
    });

    it('leaves a lane alone in which a question or a dead letter is open, or waits for a person', async () => {
      const { store } = await openForTest(open);
      const [pending, held, deadLetter] = [newLane(), newLane(), newLane()];
      for (const lane of [pending, held, deadLetter]) {
        const question = questionOf();
        await openLane(store, lane);
        await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
        const work = workOf(question, { lane, stage: 'review' });
        if (lane === held) await store.move({ work, status: 'held' });
        if (lane !== deadLetter) continue;
        await store.putDeadLetter(deadLetterOf(work));
        await store.move({ work, status: 'dead_lettered' });
      }
      expect(await store.cleanup.idleLanes(LATER)).toEqual([]);
      expect([...(await store.cleanup.busyLanes())].sort()).toEqual([held, pending].sort());
    });

    it('leaves a lane alone from which another was made', async () => {
      const { store } = await openForTest(open);
      const { name: parent } = await finishedLane(store);
      const child = newLane();
      await openLane(store, child, parent);
      expect(namesOf(await store.cleanup.idleLanes(LATER))).toEqual([child]);
      await store.cleanup.dropLane(child);
      expect(namesOf(await store.cleanup.idleLanes(LATER))).toEqual([parent]);
    });

    it('deletes a lane with all that is in it, and nothing of another', async () => {
      const { store, reopen } = await openForTest(open);
      const [gone, kept] = [await finishedLane(store), await finishedLane(store)];
      await store.cleanup.dropLane(gone.name);
      await store.cleanup.dropLane(gone.name);
      const again = await reopen();
      expect(await again.lanes.get(gone.name)).toBeUndefined();
      expect(await again.reports.histories(questionIdOf(gone.question))).toEqual([]);
      const nothing = { questions: 0, submissions: 0, works: 0, examples: 0, deadLetters: 0 };
      expect(await again.forgotten.holdings([questionIdOf(gone.question)])).toEqual(nothing);
      expect((await again.reports.progress(gone.name)).questions['approved']).toBe(0);
      expect((await again.runs.counts(gone.run)).approved).toBe(0);
      expect((await again.reports.histories(questionIdOf(kept.question))).map(({ lane }) => lane)).toEqual([
        kept.name,
      ]);
      expect((await again.reports.progress(kept.name)).questions['approved']).toBe(1);
      expect((await again.runs.counts(kept.run)).approved).toBe(1);
    });

    it('leaves the lanes of shadow judges alone, and those whose judges they work beside', async () => {
      const { store } = await openForTest(open);
      const { name: parent } = await finishedLane(store);
      await putShadowLane(store, shadowLaneOf('stern'), parent);
      expect(await store.cleanup.idleLanes(LATER)).toEqual([]);
      expect(await store.cleanup.busyLanes()).toEqual([]);
    });

    it('deletes a shadow judge with what it said and made, and nothing of another or of the live one', async () => {
      const { store, reopen } = await openForTest(open);
      const { name, question } = await finishedLane(store);
      const live = workOf(question, { lane: name, stage: 'review' });
      for (const shadow of ['stern', 'mild', 'stern-2']) {
        const lane = shadowLaneOf(shadow);
        await putShadowLane(store, lane, name);
        await store.shadows.keep(saidOf(live, { shadow }));
        await store.reviews.complete(await claimed(store.reviews, { ...live, lane }), finishedWith(approval));
      }
      await store.cleanup.dropLane(shadowLaneOf('stern'));
      const again = await reopen();
      expect(namesOf(await again.shadows.shadows())).toEqual(['shadow-mild', 'shadow-stern-2']);
      const said = await again.shadows.verdictsOn(name, live.questionId);
      expect(said.map(({ shadow }) => shadow)).toEqual(['mild', 'stern-2']);
      expect(await again.reviews.find({ ...live, lane: shadowLaneOf('stern') })).toBeUndefined();
      expect(await again.reviews.find({ ...live, lane: shadowLaneOf('mild') })).toBeDefined();
      expect(await again.reports.statusOf(name, live.questionId)).toBe('approved');
    });

    it('deletes with a lane what shadow judges said about it', async () => {
      const { store } = await openForTest(open);
      const [gone, kept] = [await finishedLane(store), await finishedLane(store)];
      for (const { name: lane, question } of [gone, kept])
        await store.shadows.keep(saidOf(workOf(question, { lane })));
      await store.cleanup.dropLane(gone.name);
      const { verdicts } = await store.shadows.disagreements({ shadow: 'stern', limit: 9 });
      expect(verdicts.map(({ lane }) => lane)).toEqual([kept.name]);
    });

    it('deletes closed dead letters that are old, and no open one', async () => {
      const { store } = await openForTest(open);
      const [closed, still] = [deadLetterOf(workOf(questionOf())), deadLetterOf(workOf(questionOf()))];
      for (const deadLetter of [closed, still]) await store.putDeadLetter(deadLetter);
      await store.closeDeadLetter(closed.id);
      expect(await store.cleanup.countClosedDeadLetters(EARLIER)).toBe(0);
      expect(await store.cleanup.countClosedDeadLetters(LATER)).toBe(1);
      expect(await store.cleanup.dropClosedDeadLetters(LATER)).toBe(1);
      expect(await store.cleanup.dropClosedDeadLetters(LATER)).toBe(0);
      expect((await listOf(store.deadLetters.list({}))).map(({ id }) => id)).toEqual([still.id]);
    });
  });
}

function namesOf(lanes: readonly { name: string }[]) {
  return lanes.map(({ name }) => name).sort();
}
