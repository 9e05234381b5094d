import { describe, expect, it } from 'vitest';
import { questionIdOf } from '../../stages/question.ts';
import type { Status } from '../../stages/status.ts';
import type { Step } from '../../streams/work/step.ts';
import type { HeldWork, WorkStore } from '../../streams/work/work.ts';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed, heldBy, seenOf } from './claiming.ts';
import {
  deadLetterOf,
  finishedWith,
  lookedUp,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  questionOf,
  usage,
  workOf,
} from './fixtures.ts';

/** A step as long as a page, with whatever a model may write. */
export function stepOf(n: number, overrides: Partial<Step> = {}): Step {
  return {
    n,
    key: `turn/${n}`,
    kind: 'turn',
    drive: 0,
    at: '2026-01-01T00:00:00.000Z',
    durationMs: 12,
    model: 'fake',
    usage,
    costUsd: 0.5,
    body: { text: '✓ “quoted”\u0000 '.repeat(300), $set: { 'a.b': null }, calls: [] },
    ...overrides,
  };
}

async function appendAll(store: WorkStore<unknown>, held: HeldWork, steps: readonly Step[]): Promise<void> {
  for (const step of steps) expect(await store.appendStep(held, step)).toBe('stored');
}

/** Works that go step by step. */
export function describeSteps(open: OpenStore): void {
  const key = () => newWork({ stage: 'research' });

  describe('the steps of a work', () => {
    it('stand in their order, whole, after a restart too', async () => {
      const { store, reopen } = await openForTest(open);
      const work = key();
      const steps = Array.from({ length: 12 }, (_, n) => stepOf(n));
      await appendAll(store.research, await claimed(store.research, work), steps);
      expect(await store.research.steps(workIdOf(work))).toEqual(steps);
      expect(await (await reopen()).research.steps(workIdOf(work))).toEqual(steps);
    });

    it('are nobody else’s', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const [held, other] = [await claimed(research, work), { ...work, revision: 1 }];
      await claimed(research, other);
      await appendAll(research, held, [stepOf(0)]);
      expect(await research.steps(workIdOf(other))).toEqual([]);
      expect(await research.steps(workIdOf(key()))).toEqual([]);
    });

    it('are taken once, however often one is repeated', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const held = await claimed(research, work);
      await appendAll(research, held, [stepOf(0), stepOf(0), stepOf(1), stepOf(0), stepOf(1)]);
      expect(await research.steps(workIdOf(work))).toHaveLength(2);
    });

    it('have no gap, and no other step in the place of one', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const held = await claimed(research, work);
      expect(await research.appendStep(held, stepOf(1))).toBe('lost');
      await appendAll(research, held, [stepOf(0)]);
      expect(await research.appendStep(held, stepOf(2))).toBe('lost');
      expect(await research.appendStep(held, stepOf(0, { key: 'search/0' }))).toBe('lost');
      expect(await research.steps(workIdOf(work))).toEqual([stepOf(0)]);
    });

    it('are added by the holder alone: who took the work over goes on behind them', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const old = await claimed(research, work);
      await appendAll(research, old, [stepOf(0), stepOf(1)]);
      const claim = await research.takeOver(work, await seenOf(research, work));
      expect(claim).toMatchObject({ kind: 'claimed', steps: 2 });
      expect(await research.appendStep(old, stepOf(2))).toBe('lost');
      expect(await research.appendStep(old, stepOf(1))).toBe('lost');
      await appendAll(research, heldBy(work, claim), [stepOf(2, { key: 'mine' })]);
      expect((await research.steps(workIdOf(work))).map(({ key: name }) => name)).toEqual([
        'turn/0',
        'turn/1',
        'mine',
      ]);
    });

    it('of a new claim are none, and of one that was given back those that stand', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const fresh = await research.claim(work);
      expect(fresh.kind === 'claimed' && (fresh.steps ?? 0)).toBe(0);
      const held = heldBy(work, fresh);
      await appendAll(research, held, [stepOf(0)]);
      await research.release(held);
      expect(await research.claim(work)).toMatchObject({ kind: 'claimed', steps: 1 });
    });

    it('end with the work, and stay', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const held = await claimed(research, work);
      await appendAll(research, held, [stepOf(0)]);
      await research.complete(held, finishedWith(lookedUp));
      expect(await research.appendStep(held, stepOf(1))).toBe('lost');
      expect(await research.steps(workIdOf(work))).toEqual([stepOf(0)]);
    });

    it('stay with a dead work: who sends it again goes on behind them', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const held = await claimed(research, work);
      await appendAll(research, held, [stepOf(0)]);
      await research.bury(held, work);
      expect(await research.appendStep(held, stepOf(1))).toBe('lost');
      const again = await research.claim({ ...work, drive: 1 });
      expect(again).toMatchObject({ kind: 'claimed', steps: 1 });
      await appendAll(research, heldBy(work, again), [stepOf(1, { drive: 1 })]);
    });

    it('are erased where the work begins anew, by its holder alone', async () => {
      const { research } = (await openForTest(open)).store;
      const work = key();
      const held = await claimed(research, work);
      await appendAll(research, held, [stepOf(0), stepOf(1)]);
      await research.dropSteps({ ...held, token: (await claimed(research, key())).token });
      expect(await research.steps(workIdOf(work))).toHaveLength(2);
      await research.dropSteps(held);
      expect(await research.steps(workIdOf(work))).toEqual([]);
      await appendAll(research, held, [stepOf(0)]);
    });

    it('are counted when they are kept, each once, and not again with the result', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ stage: 'research', lane: newLane() });
      const held = await claimed(store.research, work);
      await appendAll(store.research, held, [
        ...[stepOf(0), stepOf(0), stepOf(1, { costUsd: null, failed: true })],
      ]);
      await store.research.complete(held, { ...finishedWith(lookedUp), stepped: true });
      const { research } = (await store.reports.progress(work.lane)).stages;
      const twice = { input: 2_000, output: 400, cached: 200, reasoning: 100 };
      expect(research).toMatchObject({
        done: 1,
        failedAttempts: 1,
        usage: twice,
        costUsd: 0.5,
        unpricedCalls: 1,
      });
    });

    it('of settled questions go when they are old, and those of open ones and open dead letters stay', async () => {
      const { store } = await openForTest(open);
      const [now, later] = [new Date(), new Date(Date.now() + 3_600_000)];
      const stepped = async (status: Status | undefined, lettered: 'open' | 'closed' | 'none' = 'none') => {
        const question = questionOf();
        const work = workOf(question, { lane: newLane(), stage: 'research' });
        await store.questions.accept(work, question, undefined);
        const held = await claimed(store.research, work);
        await appendAll(store.research, held, [stepOf(0), stepOf(1)]);
        const deadLetter = deadLetterOf(work);
        if (lettered !== 'none') await store.putDeadLetter(deadLetter);
        if (lettered === 'closed') await store.closeDeadLetter(deadLetter.id);
        if (status === 'approved') await store.research.complete(held, finishedWith(lookedUp));
        if (status !== undefined) await store.move({ work, status });
        return work;
      };
      const works = [
        ...[await stepped('approved'), await stepped('dead_lettered', 'closed')],
        ...[await stepped('dead_lettered', 'open'), await stepped('held'), await stepped(undefined)],
      ];
      expect(await store.cleanup.countOldSteps(new Date(now.getTime() - 3_600_000))).toBe(0);
      expect(await store.cleanup.countOldSteps(later)).toBe(2);
      expect(await store.cleanup.dropOldSteps(later)).toBe(2);
      expect(await store.cleanup.dropOldSteps(later)).toBe(0);
      const left = await Promise.all(works.map((work) => store.research.steps(workIdOf(work))));
      expect(left.map(({ length }) => length)).toEqual([0, 0, 2, 2, 2]);
      const [approved] = works;
      expect(approved && (await store.research.find(approved))?.result).toEqual(lookedUp);
    });

    it('are erased with their question', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'research' });
      await store.questions.accept(work, question, undefined);
      const held = await claimed(store.research, work);
      await appendAll(store.research, held, [stepOf(0)]);
      const ids = [questionIdOf(question)];
      await store.forgotten.mark(ids);
      await store.forgotten.erase(ids);
      expect(await store.research.steps(workIdOf(work))).toEqual([]);
      expect(await store.research.appendStep(held, stepOf(1))).toBe('lost');
    });
  });
}
