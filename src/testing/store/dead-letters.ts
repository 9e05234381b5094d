import { describe, expect, it } from 'vitest';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  letterOf,
  listOf,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  research,
  storedLetter,
} from './fixtures.ts';

/** Dead letters, and what opens and closes them. How they are sent again: `redriving.ts`. */
export function describeLetters(open: OpenStore): void {
  describe('dead letters', () => {
    it('are listed whole, the oldest first, after a restart too', async () => {
      const { store, reopen } = await openForTest(open);
      const late = letterOf(newWork(), { at: '2026-01-02T00:00:00.000Z', offset: 2n ** 40n - 1n });
      const early = letterOf(newWork(), { at: '2026-01-01T00:00:00.000Z', key: null, attempts: [] });
      await store.putDeadLetter(late);
      await store.putDeadLetter(early);
      const both = [storedLetter(early), storedLetter(late)];
      expect(await listOf(store.letters.list({}))).toEqual(both);
      expect(await listOf((await reopen()).letters.list({}))).toEqual(both);
    });

    it('are counted, and the last of them told first, but for what is closed', async () => {
      const { store } = await openForTest(open);
      const letters = [1, 2, 3, 4].map((day) => letterOf(newWork(), { at: `2026-01-0${day}T00:00:00.000Z` }));
      for (const letter of letters) await store.putDeadLetter(letter);
      const [first, second, third, closed] = letters;
      if (closed !== undefined) await store.closeDeadLetter(closed.id);
      const latest = await store.letters.latest(2);
      expect(latest.count).toBe(3);
      expect(latest.letters.map(({ id }) => id)).toEqual([third?.id, second?.id]);
      expect((await store.letters.latest(9)).letters.at(-1)?.id).toBe(first?.id);
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
      const listed = (await listOf(store.letters.list({}))).toSorted(byId);
      const plain = ({ value }: (typeof letters)[number]) => (value === null ? null : Buffer.from(value));
      expect(listed.map(plain)).toEqual(letters.map(plain));
      expect(listed.map(({ value: _, ...letter }) => letter)).toEqual(
        letters.map((letter) => storedLetter(letter)).map(({ value: _, ...letter }) => letter),
      );
    });

    it('keep texts that a database would take for its own', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      const odd = { message: '$message', key: '$$NOW', headers: { $set: '$a.b' } };
      await store.putDeadLetter(letterOf(work));
      const again = letterOf({ ...work, drive: 1 }, { ...odd, at: '2026-02-01T00:00:00.000Z' });
      await store.putDeadLetter({
        ...again,
        attempts: [failedAttemptOf(3, { reply: '$reply', message: '$$ROOT' })],
      });
      const [letter] = await listOf(store.letters.list({}));
      expect(letter).toMatchObject(odd);
      expect(letter?.attempts.at(-1)).toMatchObject({ reply: '$reply', message: '$$ROOT' });
    });

    it('are one, however often the same one is put', async () => {
      const { store } = await openForTest(open);
      const letter = letterOf(newWork());
      for (let repeat = 0; repeat < 3; repeat += 1) await store.putDeadLetter(letter);
      expect(await listOf(store.letters.list({}))).toEqual([storedLetter(letter)]);
    });

    it('are found by stage, class, code, age, lane and the beginning of an id', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const refused = letterOf(newWork({ stage: 'generation', lane }), { code: 'refused' });
      const poison = letterOf(newWork(), { kind: 'poison', code: 'too_deep' });
      const late = letterOf(newWork(), { at: '2026-03-01T00:00:00.000Z' });
      const undecoded = letterOf(newWork(), { id: 'a.topic:0:1', work: undefined, drive: 0 });
      for (const letter of [refused, poison, late, undecoded]) await store.putDeadLetter(letter);
      const found = async (query: Parameters<typeof store.letters.list>[0]) =>
        idsOf((await listOf(store.letters.list(query))).toSorted(byId));
      const ids = (...letters: { id: string }[]) => idsOf(letters.toSorted(byId));
      expect(await found({ stage: 'generation' })).toEqual(ids(refused));
      expect(await found({ classes: ['poison'] })).toEqual(ids(poison));
      expect(await found({ classes: ['content/refused'] })).toEqual(ids(refused));
      expect(await found({ classes: ['poison/refused'] })).toEqual([]);
      expect(await found({ classes: ['refused', 'poison'] })).toEqual(ids(refused, poison));
      expect(await found({ since: '2026-02-01T00:00:00.000Z' })).toEqual(ids(late));
      expect(await found({ lane })).toEqual(ids(refused));
      expect(await found({ id: late.work?.questionId.slice(0, 10) })).toEqual(ids(late));
      expect(await found({ id: 'a.topic:0' })).toEqual(ids(undecoded));
      expect(await found({ id: '.*' })).toEqual([]);
      expect(await found({ stage: 'generation', classes: ['poison'] })).toEqual([]);
    });

    it('are counted by stage and class, with the first and the last death', async () => {
      const { store } = await openForTest(open);
      for (const day of [1, 2, 3])
        await store.putDeadLetter(letterOf(newWork(), { at: `2026-01-0${day}T00:00:00.000Z` }));
      await store.putDeadLetter(letterOf(newWork({ stage: 'review' }), { code: 'truncated' }));
      expect(await store.letters.stats({})).toEqual([
        {
          ...{ stage: 'research', kind: 'content', code: 'not_json', count: 3 },
          ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-03T00:00:00.000Z' },
        },
        {
          ...{ stage: 'review', kind: 'content', code: 'truncated', count: 1 },
          ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-01T00:00:00.000Z' },
        },
      ]);
      expect(await store.letters.stats({ stage: 'storage' })).toEqual([]);
    });

    it('are closed by their own work when it is done after all', async () => {
      const { store } = await openForTest(open);
      const [work, other] = [newWork(), newWork()];
      const held = await claimed(store.research, work);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.putDeadLetter(letterOf(work));
      await store.putDeadLetter(letterOf(other));
      await store.research.complete(held, finishedWith(research));
      expect(idsOf(await listOf(store.letters.list({})))).toEqual([workIdOf(other)]);
      const [closed] = await listOf(store.letters.list({ lives: ['closed'] }));
      expect(closed).toMatchObject({ id: workIdOf(work), life: { kind: 'closed', how: 'done' } });
    });

    it('do not mind being closed twice, or when there is none', async () => {
      const { store } = await openForTest(open);
      const letter = letterOf(newWork());
      await store.putDeadLetter(letter);
      for (const id of [letter.id, letter.id, 'a.topic:7:7']) await store.closeDeadLetter(id);
      expect(await listOf(store.letters.list({}))).toEqual([]);
    });
  });
}

function byId(a: { id: string }, b: { id: string }) {
  return a.id < b.id ? -1 : 1;
}

function idsOf(letters: readonly { id: string }[]) {
  return letters.map(({ id }) => id);
}
