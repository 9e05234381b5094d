import { describe, expect, it } from 'vitest';
import { workIdOf } from '../../../src/streams/work.ts';
import { claimed } from './claiming.ts';
import {
  failedAttempt,
  finishedWith,
  letterOf,
  listOf,
  newWork,
  type OpenStore,
  openForTest,
  research,
} from './fixtures.ts';

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** Dead letters, and how they are sent again. */
export function describeLetters(open: OpenStore): void {
  describe('dead letters', () => {
    it('are listed whole, the oldest first, after a restart too', async () => {
      const { store, reopen } = await openForTest(open);
      const late = letterOf(newWork(), { at: '2026-01-02T00:00:00.000Z', offset: 2n ** 40n - 1n });
      const early = letterOf(newWork(), { at: '2026-01-01T00:00:00.000Z', key: null, attempts: [] });
      await store.putDeadLetter(late);
      await store.putDeadLetter(early);
      expect(await listOf(store.reports.deadLetters())).toEqual([early, late]);
      expect(await listOf((await reopen()).reports.deadLetters())).toEqual([early, late]);
    });

    it('keep the record as it came, decodable or not', async () => {
      const { store } = await openForTest(open);
      const undecoded = { work: undefined, kind: 'poison', code: 'not_json' } as const;
      const letters = [
        letterOf(newWork(), { ...undecoded, id: 'a.topic:0:1', value: null }),
        letterOf(newWork(), { ...undecoded, id: 'a.topic:0:2', value: '' }),
        letterOf(newWork(), { ...undecoded, id: 'a.topic:0:3', value: Uint8Array.from([0, 255, 10]) }),
        letterOf(newWork(), { ...undecoded, id: 'a.topic:0:4', value: '{"half":' }),
      ];
      for (const letter of letters) await store.putDeadLetter(letter);
      const listed = (await listOf(store.reports.deadLetters())).toSorted(byId);
      const plain = ({ value }: (typeof letters)[number]) => (value === null ? null : Buffer.from(value));
      expect(listed.map(plain)).toEqual(letters.map(plain));
      expect(listed.map(({ value: _, ...letter }) => letter)).toEqual(
        letters.map(({ value: _, ...letter }) => letter),
      );
    });

    it('are one, however often the same one is put', async () => {
      const { store } = await openForTest(open);
      const letter = letterOf(newWork());
      for (let repeat = 0; repeat < 3; repeat += 1) await store.putDeadLetter(letter);
      expect(await listOf(store.reports.deadLetters())).toEqual([letter]);
    });

    it('are taken by one of those who ask at once, each with the next drive', async () => {
      const { store } = await openForTest(open);
      const letters = Array.from({ length: 20 }, () => letterOf(newWork()));
      for (const letter of letters) await store.putDeadLetter(letter);
      const taken = await Promise.all([1, 2, 3].map(() => store.takeDeadLetters()));
      const ids = taken.flat().map(({ letter }) => letter.id);
      expect(ids.toSorted()).toEqual(letters.map(({ id }) => id).toSorted());
      expect(taken.flat().every(({ drive }) => drive === 1)).toBe(true);
      expect(await store.takeDeadLetters()).toEqual([]);
    });

    it('are listed no more once they are closed', async () => {
      const { store } = await openForTest(open);
      const [closed, left] = [letterOf(newWork()), letterOf(newWork())];
      await store.putDeadLetter(closed);
      await store.putDeadLetter(left);
      await store.takeDeadLetters();
      await store.closeDeadLetter(closed.id);
      await store.closeDeadLetter(closed.id);
      expect(await listOf(store.reports.deadLetters())).toEqual([left]);
    });

    it('open again when the record dies again, and are taken with a higher drive each time', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(letterOf(work));
      for (const drive of [1, 2, 3]) {
        const [redrive, ...more] = await store.takeDeadLetters();
        expect(more).toEqual([]);
        expect(redrive).toMatchObject({ drive, letter: { id: workIdOf(work) } });
        const died = letterOf(
          { ...work, drive },
          { offset: BigInt(drive), value: `{"drive":${drive}}`, attempts: [failedAttempt(drive)] },
        );
        await store.putDeadLetter(died);
        await store.closeDeadLetter(workIdOf(work));
        expect(await listOf(store.reports.deadLetters())).toEqual([died]);
      }
    });

    it('are closed by their own work when it is done after all', async () => {
      const { store } = await openForTest(open);
      const [work, other] = [newWork(), newWork()];
      const held = await claimed(store.research, work);
      await store.research.recordAttempt(held, failedAttempt(1));
      await store.putDeadLetter(letterOf(work));
      await store.putDeadLetter(letterOf(other));
      await store.research.complete(held, finishedWith(research));
      expect(await listOf(store.reports.deadLetters())).toEqual([letterOf(other)]);
    });

    it('do not open again for a death of an earlier drive that is written late', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      await store.putDeadLetter(letterOf({ ...work, drive: 1 }));
      await store.takeDeadLetters();
      await store.closeDeadLetter(workIdOf(work));
      await store.putDeadLetter(letterOf(work));
      expect(await listOf(store.reports.deadLetters())).toEqual([]);
    });
  });
}
