import { describe, expect, it } from 'vitest';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  deadLetterOf,
  failedAttemptOf,
  finishedWith,
  listOf,
  newWork,
  type OpenStore,
  openForTest,
  operator,
  research,
  takeAll,
} from './fixtures.ts';

const LATER = '2026-02-01T00:00:00.000Z';

/** The life of a dead letter: open, redriving, sent, and closed or open again. */
export function describeRedriving(open: OpenStore): void {
  describe('sending dead letters again', () => {
    it('gives each dead letter to one of those who ask at once, with the next drive', async () => {
      const { store } = await openForTest(open);
      const deadLetters = Array.from({ length: 20 }, () => deadLetterOf(newWork()));
      for (const deadLetter of deadLetters) await store.putDeadLetter(deadLetter);
      const taken = (await Promise.all([1, 2, 3].map(() => takeAll(store)))).flat();
      expect(taken.map(({ id }) => id).toSorted()).toEqual(deadLetters.map(({ id }) => id).toSorted());
      expect(taken.every(({ drive, life }) => drive === 1 && life.kind === 'redriving')).toBe(true);
      expect(await takeAll(store)).toEqual([]);
    });

    it('answers the same operator the same dead letters again', async () => {
      const { store } = await openForTest(open);
      const deadLetter = deadLetterOf(newWork());
      await store.putDeadLetter(deadLetter);
      const [by, seen] = [operator(), [{ id: deadLetter.id, drive: 0 }]];
      const taken = await store.deadLetters.take(by, seen);
      expect(taken).toMatchObject([{ id: deadLetter.id, drive: 1 }]);
      expect(await store.deadLetters.take(by, seen)).toEqual(taken);
    });

    it('does not take what was sent again since it was seen', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(deadLetterOf(work));
      const [seen] = await listOf(store.deadLetters.list({}));
      await takeAll(store);
      await store.putDeadLetter(deadLetterOf({ ...work, drive: 1 }, { at: LATER }));
      expect(
        await store.deadLetters.take(operator(), [{ id: seen?.id ?? '', drive: seen?.drive ?? 0 }]),
      ).toEqual([]);
      expect(await takeAll(store)).toMatchObject([{ drive: 2 }]);
    });

    it('is told apart from what is sent, and ends with success', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const work = newWork();
      const first = await claimed(store.research, work);
      await store.putDeadLetter(deadLetterOf(work));
      await store.research.bury(first, work);
      await takeAll(store, by);
      await store.deadLetters.markSent(by, [workIdOf(work)]);
      expect(await listOf(store.deadLetters.list({}))).toMatchObject([
        { drive: 1, life: { kind: 'sent', by } },
      ]);
      expect(await store.deadLetters.outcome(by)).toEqual({ waiting: 1, closed: 0, open: 0 });
      await store.research.complete(
        await claimed(store.research, { ...work, drive: 1 }),
        finishedWith(research),
      );
      expect(await store.deadLetters.outcome(by)).toEqual({ waiting: 0, closed: 1, open: 0 });
      const [closed] = await listOf(store.deadLetters.list({ lives: ['closed'] }));
      expect(closed?.life).toMatchObject({ kind: 'closed', how: 'redriven' });
    });

    it('opens the dead letter again when the record dies again, with every attempt and the first death', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(deadLetterOf(work, { attempts: [failedAttemptOf(1)] }));
      for (const drive of [1, 2, 3]) {
        const by = operator();
        expect(await takeAll(store, by)).toMatchObject([{ drive, id: workIdOf(work) }]);
        await store.deadLetters.markSent(by, [workIdOf(work)]);
        const at = `2026-02-0${drive}T00:00:00.000Z`;
        const died = deadLetterOf(
          { ...work, drive },
          { at, offset: BigInt(drive), value: `{"drive":${drive}}`, attempts: [failedAttemptOf(drive + 1)] },
        );
        await store.putDeadLetter(died);
        const [deadLetter] = await listOf(store.deadLetters.list({}));
        expect(deadLetter).toMatchObject({ drive, at, offset: BigInt(drive), life: { kind: 'open' } });
        expect(deadLetter?.firstAt).toBe('2026-01-01T00:00:00.000Z');
        expect(deadLetter?.attempts.map(({ number }) => number)).toEqual(
          Array.from({ length: drive + 1 }, (_, index) => index + 1),
        );
        expect(await store.deadLetters.outcome(by)).toEqual({ waiting: 0, closed: 0, open: 1 });
      }
    });

    it('is not undone by a death of an earlier drive that is written late, nor by a repeated one', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(deadLetterOf(work));
      await takeAll(store);
      await store.putDeadLetter(deadLetterOf(work, { at: LATER }));
      await store.putDeadLetter(deadLetterOf(work));
      expect(await listOf(store.deadLetters.list({}))).toMatchObject([{ life: { kind: 'redriving' } }]);
      await store.closeDeadLetter(workIdOf(work));
      await store.putDeadLetter(deadLetterOf(work));
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });

    it('does not call sent what came to an end before', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const [again, done] = [newWork(), newWork()];
      for (const work of [again, done]) await store.putDeadLetter(deadLetterOf(work));
      await takeAll(store, by);
      await store.putDeadLetter(deadLetterOf({ ...again, drive: 1 }, { at: LATER }));
      await store.closeDeadLetter(workIdOf(done));
      await store.deadLetters.markSent(by, [workIdOf(again), workIdOf(done)]);
      expect(await store.deadLetters.outcome(by)).toEqual({ waiting: 0, closed: 1, open: 1 });
    });

    it('is taken over from an operator who shows no sign of life, under the same drive', async () => {
      const { store, reopen } = await openForTest(open);
      const dead = operator();
      const deadLetter = deadLetterOf(newWork());
      await store.putDeadLetter(deadLetter);
      await takeAll(store, dead);
      const later = await reopen();
      expect(await takeAll(later)).toEqual([]);
      await later.deadLetters.renew(dead);
      const [held] = await listOf(later.deadLetters.list({}));
      const seen = held?.life.kind === 'redriving' ? held.life : { by: dead, renewal: -1 };
      expect(
        await later.deadLetters.takeOver(operator(), { ...seen, renewal: seen.renewal - 1 }, [deadLetter.id]),
      ).toEqual([]);
      const heirs = [operator(), operator()];
      const taken = await Promise.all(
        heirs.map((by) => later.deadLetters.takeOver(by, seen, [deadLetter.id])),
      );
      expect(taken.flat()).toMatchObject([{ id: deadLetter.id, drive: 1 }]);
      await later.deadLetters.markSent(dead, [deadLetter.id]);
      expect(await listOf(later.deadLetters.list({ lives: ['redriving'] }))).toHaveLength(1);
    });

    it('gives back what was taken and not sent', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const [sent, unsent] = [deadLetterOf(newWork()), deadLetterOf(newWork())];
      for (const deadLetter of [sent, unsent]) await store.putDeadLetter(deadLetter);
      await takeAll(store, by);
      await store.deadLetters.markSent(by, [sent.id]);
      await store.deadLetters.release(by);
      expect((await takeAll(store)).map(({ id }) => id)).toEqual([unsent.id]);
    });
  });
}
