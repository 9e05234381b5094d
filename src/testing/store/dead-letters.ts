import { describe, expect, it } from 'vitest';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  deadLetterOf,
  failedAttemptOf,
  finishedWith,
  listOf,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  research,
  storedDeadLetter,
} from './fixtures.ts';

/** Dead letters, and what opens and closes them. How they are sent again: `redriving.ts`. */
export function describeDeadLetters(open: OpenStore): void {
  describe('dead letters', () => {
    it('are listed whole, the oldest first, after a restart too', async () => {
      const { store, reopen } = await openForTest(open);
      const late = deadLetterOf(newWork(), { at: '2026-01-02T00:00:00.000Z', offset: 2n ** 40n - 1n });
      const early = deadLetterOf(newWork(), { at: '2026-01-01T00:00:00.000Z', key: null, attempts: [] });
      await store.putDeadLetter(late);
      await store.putDeadLetter(early);
      const both = [storedDeadLetter(early), storedDeadLetter(late)];
      expect(await listOf(store.deadLetters.list({}))).toEqual(both);
      expect(await listOf((await reopen()).deadLetters.list({}))).toEqual(both);
    });

    it('are counted, and the last of them told first, but for what is closed', async () => {
      const { store } = await openForTest(open);
      const deadLetters = [1, 2, 3, 4].map((day) =>
        deadLetterOf(newWork(), { at: `2026-01-0${day}T00:00:00.000Z` }),
      );
      for (const deadLetter of deadLetters) await store.putDeadLetter(deadLetter);
      const [first, second, third, closed] = deadLetters;
      if (closed !== undefined) await store.closeDeadLetter(closed.id);
      const latest = await store.deadLetters.latest(2);
      expect(latest.count).toBe(3);
      expect(latest.deadLetters.map(({ id }) => id)).toEqual([third?.id, second?.id]);
      expect((await store.deadLetters.latest(9)).deadLetters.at(-1)?.id).toBe(first?.id);
    });

    it('keep the record as it came, decodable or not', async () => {
      const { store } = await openForTest(open);
      const undecoded = { work: undefined, kind: 'poison', code: 'not_json' } as const;
      const deadLetters = [
        deadLetterOf(newWork(), { ...undecoded, id: 'a.topic:0:1', value: null }),
        deadLetterOf(newWork(), { ...undecoded, id: 'a.topic:0:2', value: '' }),
        deadLetterOf(newWork(), { ...undecoded, id: 'a.topic:0:3', value: Uint8Array.from([0, 255, 10]) }),
        deadLetterOf(newWork(), { ...undecoded, id: 'a.topic:0:4', value: '{"half":' }),
      ];
      for (const deadLetter of deadLetters) await store.putDeadLetter(deadLetter);
      const listed = (await listOf(store.deadLetters.list({}))).toSorted(byId);
      const plain = ({ value }: (typeof deadLetters)[number]) => (value === null ? null : Buffer.from(value));
      expect(listed.map(plain)).toEqual(deadLetters.map(plain));
      expect(listed.map(({ value: _, ...deadLetter }) => deadLetter)).toEqual(
        deadLetters
          .map((deadLetter) => storedDeadLetter(deadLetter))
          .map(({ value: _, ...deadLetter }) => deadLetter),
      );
    });

    it('keep texts that a database would take for its own', async () => {
      const { store } = await openForTest(open);
      const work = newWork();
      const odd = { message: '$message', key: '$$NOW', headers: { $set: '$a.b' } };
      await store.putDeadLetter(deadLetterOf(work));
      const again = deadLetterOf({ ...work, drive: 1 }, { ...odd, at: '2026-02-01T00:00:00.000Z' });
      await store.putDeadLetter({
        ...again,
        attempts: [failedAttemptOf(3, { reply: '$reply', message: '$$ROOT' })],
      });
      const [deadLetter] = await listOf(store.deadLetters.list({}));
      expect(deadLetter).toMatchObject(odd);
      expect(deadLetter?.attempts.at(-1)).toMatchObject({ reply: '$reply', message: '$$ROOT' });
    });

    it('are one, however often the same one is put', async () => {
      const { store } = await openForTest(open);
      const deadLetter = deadLetterOf(newWork());
      for (let repeat = 0; repeat < 3; repeat += 1) await store.putDeadLetter(deadLetter);
      expect(await listOf(store.deadLetters.list({}))).toEqual([storedDeadLetter(deadLetter)]);
    });

    it('are found by stage, class, code, age, lane and the beginning of an id', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const refused = deadLetterOf(newWork({ stage: 'generation', lane }), { code: 'refused' });
      const poison = deadLetterOf(newWork(), { kind: 'poison', code: 'too_deep' });
      const late = deadLetterOf(newWork(), { at: '2026-03-01T00:00:00.000Z' });
      const undecoded = deadLetterOf(newWork(), { id: 'a.topic:0:1', work: undefined, drive: 0 });
      for (const deadLetter of [refused, poison, late, undecoded]) await store.putDeadLetter(deadLetter);
      const found = async (query: Parameters<typeof store.deadLetters.list>[0]) =>
        idsOf((await listOf(store.deadLetters.list(query))).toSorted(byId));
      const ids = (...deadLetters: { id: string }[]) => idsOf(deadLetters.toSorted(byId));
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
        await store.putDeadLetter(deadLetterOf(newWork(), { at: `2026-01-0${day}T00:00:00.000Z` }));
      await store.putDeadLetter(deadLetterOf(newWork({ stage: 'review' }), { code: 'truncated' }));
      expect(await store.deadLetters.stats({})).toEqual([
        {
          ...{ stage: 'research', kind: 'content', code: 'not_json', count: 3 },
          ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-03T00:00:00.000Z' },
        },
        {
          ...{ stage: 'review', kind: 'content', code: 'truncated', count: 1 },
          ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-01T00:00:00.000Z' },
        },
      ]);
      expect(await store.deadLetters.stats({ stage: 'storage' })).toEqual([]);
    });

    it('are closed by their own work when it is done after all', async () => {
      const { store } = await openForTest(open);
      const [work, other] = [newWork(), newWork()];
      const held = await claimed(store.research, work);
      await store.research.recordAttempt(held, failedAttemptOf(1));
      await store.putDeadLetter(deadLetterOf(work));
      await store.putDeadLetter(deadLetterOf(other));
      await store.research.complete(held, finishedWith(research));
      expect(idsOf(await listOf(store.deadLetters.list({})))).toEqual([workIdOf(other)]);
      const [closed] = await listOf(store.deadLetters.list({ lives: ['closed'] }));
      expect(closed).toMatchObject({ id: workIdOf(work), life: { kind: 'closed', how: 'done' } });
    });

    it('do not mind being closed twice, or when there is none', async () => {
      const { store } = await openForTest(open);
      const deadLetter = deadLetterOf(newWork());
      await store.putDeadLetter(deadLetter);
      for (const id of [deadLetter.id, deadLetter.id, 'a.topic:7:7']) await store.closeDeadLetter(id);
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });
  });
}

function byId(a: { id: string }, b: { id: string }) {
  return a.id < b.id ? -1 : 1;
}

function idsOf(deadLetters: readonly { id: string }[]) {
  return deadLetters.map(({ id }) => id);
}
