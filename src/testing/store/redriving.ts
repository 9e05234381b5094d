import { describe, expect, it } from 'vitest';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  letterOf,
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
    it('gives each letter to one of those who ask at once, with the next drive', async () => {
      const { store } = await openForTest(open);
      const letters = Array.from({ length: 20 }, () => letterOf(newWork()));
      for (const letter of letters) await store.putDeadLetter(letter);
      const taken = (await Promise.all([1, 2, 3].map(() => takeAll(store)))).flat();
      expect(taken.map(({ id }) => id).toSorted()).toEqual(letters.map(({ id }) => id).toSorted());
      expect(taken.every(({ drive, life }) => drive === 1 && life.kind === 'redriving')).toBe(true);
      expect(await takeAll(store)).toEqual([]);
    });

    it('answers the same operator the same letters again', async () => {
      const { store } = await openForTest(open);
      const letter = letterOf(newWork());
      await store.putDeadLetter(letter);
      const [by, seen] = [operator(), [{ id: letter.id, drive: 0 }]];
      const taken = await store.letters.take(by, seen);
      expect(taken).toMatchObject([{ id: letter.id, drive: 1 }]);
      expect(await store.letters.take(by, seen)).toEqual(taken);
    });

    it('does not take what was sent again since it was seen', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(letterOf(work));
      const [seen] = await listOf(store.letters.list({}));
      await takeAll(store);
      await store.putDeadLetter(letterOf({ ...work, drive: 1 }, { at: LATER }));
      expect(await store.letters.take(operator(), [{ id: seen?.id ?? '', drive: seen?.drive ?? 0 }])).toEqual(
        [],
      );
      expect(await takeAll(store)).toMatchObject([{ drive: 2 }]);
    });

    it('is told apart from what is sent, and ends with success', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const work = newWork();
      const first = await claimed(store.research, work);
      await store.putDeadLetter(letterOf(work));
      await store.research.bury(first, work);
      await takeAll(store, by);
      await store.letters.markSent(by, [workIdOf(work)]);
      expect(await listOf(store.letters.list({}))).toMatchObject([{ drive: 1, life: { kind: 'sent', by } }]);
      expect(await store.letters.outcome(by)).toEqual({ waiting: 1, closed: 0, open: 0 });
      await store.research.complete(
        await claimed(store.research, { ...work, drive: 1 }),
        finishedWith(research),
      );
      expect(await store.letters.outcome(by)).toEqual({ waiting: 0, closed: 1, open: 0 });
      const [closed] = await listOf(store.letters.list({ lives: ['closed'] }));
      expect(closed?.life).toMatchObject({ kind: 'closed', how: 'redriven' });
    });

    it('opens the letter again when the record dies again, with every attempt and the first death', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(letterOf(work, { attempts: [failedAttemptOf(1)] }));
      for (const drive of [1, 2, 3]) {
        const by = operator();
        expect(await takeAll(store, by)).toMatchObject([{ drive, id: workIdOf(work) }]);
        await store.letters.markSent(by, [workIdOf(work)]);
        const at = `2026-02-0${drive}T00:00:00.000Z`;
        const died = letterOf(
          { ...work, drive },
          { at, offset: BigInt(drive), value: `{"drive":${drive}}`, attempts: [failedAttemptOf(drive + 1)] },
        );
        await store.putDeadLetter(died);
        const [letter] = await listOf(store.letters.list({}));
        expect(letter).toMatchObject({ drive, at, offset: BigInt(drive), life: { kind: 'open' } });
        expect(letter?.firstAt).toBe('2026-01-01T00:00:00.000Z');
        expect(letter?.attempts.map(({ number }) => number)).toEqual(
          Array.from({ length: drive + 1 }, (_, index) => index + 1),
        );
        expect(await store.letters.outcome(by)).toEqual({ waiting: 0, closed: 0, open: 1 });
      }
    });

    it('is not undone by a death of an earlier drive that is written late, nor by a repeated one', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(letterOf(work));
      await takeAll(store);
      await store.putDeadLetter(letterOf(work, { at: LATER }));
      await store.putDeadLetter(letterOf(work));
      expect(await listOf(store.letters.list({}))).toMatchObject([{ life: { kind: 'redriving' } }]);
      await store.closeDeadLetter(workIdOf(work));
      await store.putDeadLetter(letterOf(work));
      expect(await listOf(store.letters.list({}))).toEqual([]);
    });

    it('does not call sent what came to an end before', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const [again, done] = [newWork(), newWork()];
      for (const work of [again, done]) await store.putDeadLetter(letterOf(work));
      await takeAll(store, by);
      await store.putDeadLetter(letterOf({ ...again, drive: 1 }, { at: LATER }));
      await store.closeDeadLetter(workIdOf(done));
      await store.letters.markSent(by, [workIdOf(again), workIdOf(done)]);
      expect(await store.letters.outcome(by)).toEqual({ waiting: 0, closed: 1, open: 1 });
    });

    it('is taken over from an operator who shows no sign of life, under the same drive', async () => {
      const { store, reopen } = await openForTest(open);
      const dead = operator();
      const letter = letterOf(newWork());
      await store.putDeadLetter(letter);
      await takeAll(store, dead);
      const later = await reopen();
      expect(await takeAll(later)).toEqual([]);
      await later.letters.renew(dead);
      const [held] = await listOf(later.letters.list({}));
      const seen = held?.life.kind === 'redriving' ? held.life : { by: dead, renewal: -1 };
      expect(
        await later.letters.takeOver(operator(), { ...seen, renewal: seen.renewal - 1 }, [letter.id]),
      ).toEqual([]);
      const heirs = [operator(), operator()];
      const taken = await Promise.all(heirs.map((by) => later.letters.takeOver(by, seen, [letter.id])));
      expect(taken.flat()).toMatchObject([{ id: letter.id, drive: 1 }]);
      await later.letters.markSent(dead, [letter.id]);
      expect(await listOf(later.letters.list({ lives: ['redriving'] }))).toHaveLength(1);
    });

    it('gives back what was taken and not sent', async () => {
      const { store } = await openForTest(open);
      const by = operator();
      const [sent, unsent] = [letterOf(newWork()), letterOf(newWork())];
      for (const letter of [sent, unsent]) await store.putDeadLetter(letter);
      await takeAll(store, by);
      await store.letters.markSent(by, [sent.id]);
      await store.letters.release(by);
      expect((await takeAll(store)).map(({ id }) => id)).toEqual([unsent.id]);
    });
  });
}
