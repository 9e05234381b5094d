import { describe, expect, it } from 'vitest';
import { type WorkKey, workIdOf } from '../../streams/work/work.ts';
import { claimed, heldBy, type PaidStage, seenOf } from './claiming.ts';
import {
  attemptOf,
  failedAttemptOf,
  finishedWith,
  newWork,
  type OpenStore,
  openForTest,
} from './fixtures.ts';

/** How work ends: results, deaths, attempts and published marks. */
export function describeFinishing({ stage, storeOf, result }: PaidStage, open: OpenStore): void {
  const openStore = async () => storeOf((await openForTest(open)).store);
  const key = (overrides: Partial<WorkKey> = {}) => newWork({ stage, ...overrides });
  const finished = finishedWith(result);

  describe(`${stage}: finishing`, () => {
    it('answers a claim of finished work with its result, whole, after a restart too', async () => {
      const { store, reopen } = await openForTest(open);
      const work = key();
      expect(await storeOf(store).complete(await claimed(storeOf(store), work), finished)).toBe('stored');
      const done = { kind: 'done', finished, published: false };
      expect(await storeOf(store).claim(work)).toEqual(done);
      expect(await storeOf(await reopen()).claim(work)).toEqual(done);
    });

    it('finds the result of done work without a claim, and of no other', async () => {
      const store = await openStore();
      const [done, open, dead, unknown] = [key(), key(), key(), key()];
      await store.complete(await claimed(store, done), finished);
      await claimed(store, open);
      await store.bury(await claimed(store, dead), dead);
      const found = await Promise.all([done, open, dead, unknown].map((each) => store.find(each)));
      expect(found).toEqual([finished, undefined, undefined, undefined]);
      expect((await store.claim(unknown)).kind).toBe('claimed');
    });

    it('stores a result that is repeated with the same token, once', async () => {
      const store = await openStore();
      const work = key();
      const held = await claimed(store, work);
      const answers = await Promise.all([store.complete(held, finished), store.complete(held, finished)]);
      expect(answers).toEqual(['stored', 'stored']);
      expect(await store.claim(work)).toMatchObject({ finished: { attempts: [{ number: 1 }] } });
    });

    it('drops the result of one who lost the claim, and keeps that of the holder', async () => {
      const store = await openStore();
      const work = key();
      const old = await claimed(store, work);
      const fresh = heldBy(work, await store.takeOver(work, await seenOf(store, work)));
      expect(await store.complete(old, finished)).toBe('lost');
      expect((await store.claim(work)).kind).toBe('held');
      expect(await store.complete(fresh, { ...finished, model: 'mine' })).toBe('stored');
      expect(await store.complete(old, finished)).toBe('lost');
      expect(await store.claim(work)).toMatchObject({ kind: 'done', finished: { model: 'mine' } });
    });

    it('keeps an unknown price apart from a free call', async () => {
      const store = await openStore();
      const [unpriced, free] = [key(), key()];
      await store.complete(await claimed(store, unpriced), { ...finished, costUsd: null });
      await store.complete(await claimed(store, free), { ...finished, costUsd: 0 });
      expect(await store.claim(unpriced)).toMatchObject({ finished: { costUsd: null } });
      expect(await store.claim(free)).toMatchObject({ finished: { costUsd: 0 } });
    });

    it('ends buried work for good', async () => {
      const { store, reopen } = await openForTest(open);
      const work = key();
      const held = await claimed(storeOf(store), work);
      expect(await storeOf(store).bury(held, work)).toBe('stored');
      expect(await storeOf(store).bury(held, work)).toBe('stored');
      expect(await storeOf(store).claim(work)).toEqual({ kind: 'dead' });
      expect(await storeOf(await reopen()).claim(work)).toEqual({ kind: 'dead' });
    });

    it('is not buried by one who lost the claim', async () => {
      const store = await openStore();
      const work = key();
      const old = await claimed(store, work);
      const fresh = heldBy(work, await store.takeOver(work, await seenOf(store, work)));
      expect(await store.bury(old, work)).toBe('lost');
      expect(await store.complete(fresh, finished)).toBe('stored');
      expect(await store.bury(old, work)).toBe('lost');
      expect((await store.claim(work)).kind).toBe('done');
    });

    it('lets a dead work be claimed by a higher drive only, and by one', async () => {
      const store = await openStore();
      const work = key();
      await store.bury(await claimed(store, work), work);
      expect((await store.claim(work)).kind).toBe('dead');
      const driven = { ...work, drive: 1 };
      const claims = await Promise.all([1, 2, 3].map(() => store.claim(driven)));
      expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['claimed', 'held', 'held']);
      const won = claims.find(({ kind }) => kind === 'claimed') ?? { kind: 'dead' };
      await store.bury(heldBy(driven, won), driven);
      expect((await store.claim(driven)).kind).toBe('dead');
      expect((await store.claim(work)).kind).toBe('dead');
      const again = { ...work, drive: 2 };
      expect(await store.complete(await claimed(store, again), finished)).toBe('stored');
      expect((await store.claim(driven)).kind).toBe('done');
    });

    it('does not claim finished work again for a higher drive', async () => {
      const store = await openStore();
      const work = key();
      await store.complete(await claimed(store, work), finished);
      expect((await store.claim({ ...work, drive: 3 })).kind).toBe('done');
    });

    it('knows which results were published, and minds no mark of an unknown one', async () => {
      const store = await openStore();
      const [published, waiting] = [key(), key()];
      for (const work of [published, waiting]) await store.complete(await claimed(store, work), finished);
      await store.markPublished([workIdOf(published), workIdOf(key())]);
      await store.markPublished([workIdOf(published)]);
      await store.markPublished([]);
      expect(await store.claim(published)).toMatchObject({ kind: 'done', published: true });
      expect(await store.claim(waiting)).toMatchObject({ kind: 'done', published: false });
    });

    it('hands the failed attempts of an earlier holder to the next one', async () => {
      const store = await openStore();
      const work = key();
      const old = await claimed(store, work);
      await store.recordAttempt(old, failedAttemptOf(1));
      const taken = await store.takeOver(work, await seenOf(store, work));
      expect(taken).toMatchObject({ kind: 'claimed', attempts: [failedAttemptOf(1)] });
      const attempts = [failedAttemptOf(1), attemptOf(2)];
      await store.complete(heldBy(work, taken), { ...finished, attempts });
      expect(await store.claim(work)).toMatchObject({ kind: 'done', finished: { attempts } });
    });
  });
}
