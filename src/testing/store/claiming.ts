import { describe, expect, it } from 'vitest';
import type { Store } from '../../stages/store/store.ts';
import {
  type Claim,
  type HeldWork,
  type WorkKey,
  type WorkStore,
  workIdOf,
} from '../../streams/work/work.ts';
import { finishedWith, newLane, newWork, type OpenStore, openForTest } from './fixtures.ts';

/** One of the stores of paid work, whatever its results are. */
export type PaidStage = Readonly<{
  stage: string;
  storeOf(store: Store): WorkStore<unknown>;
  result: unknown;
}>;

export async function claimed(store: WorkStore<unknown>, key: WorkKey): Promise<HeldWork> {
  return heldBy(key, await store.claim(key));
}

export function heldBy(key: WorkKey, claim: Claim<unknown>): HeldWork {
  if (claim.kind !== 'claimed') throw new Error(`expected a claim of ours, got ${claim.kind}`);
  return { workId: workIdOf(key), token: claim.token };
}

/** Who may work: claims, take-overs, renewals and releases. */
export function describeClaiming({ stage, storeOf, result }: PaidStage, open: OpenStore): void {
  const openStore = async () => storeOf((await openForTest(open)).store);
  const key = (overrides: Partial<WorkKey> = {}) => newWork({ stage, ...overrides });

  describe(`${stage}: claiming`, () => {
    it('gives a work to exactly one of fifty that claim it at once', async () => {
      const store = await openStore();
      const work = key();
      const claims = await Promise.all(Array.from({ length: 50 }, () => store.claim(work)));
      const won = claims.filter(({ kind }) => kind === 'claimed');
      const held = claims.filter((claim) => claim.kind === 'held');
      expect([won.length, held.length]).toEqual([1, 49]);
      expect(new Set(held.map(({ token }) => token))).toEqual(
        new Set(won.map((claim) => claim.kind === 'claimed' && claim.token)),
      );
    });

    it('keeps works of another revision, question and lane apart', async () => {
      const store = await openStore();
      const work = key();
      const others = [
        { ...work, revision: 1 },
        { ...work, questionId: key().questionId },
        { ...work, lane: newLane() },
      ];
      await claimed(store, work);
      for (const other of others) expect((await store.claim(other)).kind).toBe('claimed');
      expect((await store.claim(work)).kind).toBe('held');
    });

    it('never gives the same token twice', async () => {
      const store = await openStore();
      const tokens = await Promise.all(
        Array.from({ length: 20 }, async () => (await claimed(store, key())).token),
      );
      expect(new Set(tokens).size).toBe(20);
    });

    it('shows a holder that is alive by a renewal that changes', async () => {
      const store = await openStore();
      const work = key();
      const held = await claimed(store, work);
      const before = await store.claim(work);
      expect(await store.renew([held])).toEqual([]);
      const after = await store.claim(work);
      expect(before).toMatchObject({ kind: 'held', token: held.token });
      expect(after).toMatchObject({ kind: 'held', token: held.token });
      expect(after).not.toEqual(before);
    });

    it('lets an unchanged claim be taken over, and by one only', async () => {
      const store = await openStore();
      const work = key();
      const old = await claimed(store, work);
      const seen = await seenOf(store, work);
      const claims = await Promise.all(Array.from({ length: 20 }, () => store.takeOver(work, seen)));
      const [won, ...more] = claims.filter(({ kind }) => kind === 'claimed');
      expect(more).toEqual([]);
      expect(won === undefined ? undefined : heldBy(work, won).token).not.toBe(old.token);
      expect(await store.claim(work)).toMatchObject({ kind: 'held' });
    });

    it('refuses to take over what was renewed since it was seen', async () => {
      const store = await openStore();
      const work = key();
      const held = await claimed(store, work);
      const seen = await seenOf(store, work);
      await store.renew([held]);
      expect(await store.takeOver(work, seen)).toMatchObject({ kind: 'held', token: held.token });
    });

    it('says what stands there instead, when a take-over comes too late', async () => {
      const store = await openStore();
      const [done, dead, gone] = [key(), key(), key()];
      const seen = new Map<WorkKey, Awaited<ReturnType<typeof seenOf>>>();
      for (const work of [done, dead]) {
        const held = await claimed(store, work);
        seen.set(work, await seenOf(store, work));
        if (work === done) await store.complete(held, finishedWith(result));
        else await store.bury(held, work);
      }
      for (const [work, its] of seen)
        expect((await store.takeOver(work, its)).kind).toBe(work === done ? 'done' : 'dead');
      const never = { token: (await claimed(store, key())).token, renewal: 0 };
      expect((await store.takeOver(gone, never)).kind).toBe('claimed');
    });

    it('tells whose claims are lost when they are renewed', async () => {
      const store = await openStore();
      const [lost, kept] = [key(), key()];
      const [old, mine] = [await claimed(store, lost), await claimed(store, kept)];
      const fresh = heldBy(lost, await store.takeOver(lost, await seenOf(store, lost)));
      expect(await store.renew([old, mine])).toEqual([workIdOf(lost)]);
      expect(await store.renew([fresh, mine])).toEqual([]);
      expect(await store.renew([])).toEqual([]);
    });

    it('gives a released work to whoever comes next', async () => {
      const store = await openStore();
      const work = key();
      const held = await claimed(store, work);
      await store.release(held);
      await store.release(held);
      expect((await claimed(store, work)).token).not.toBe(held.token);
    });

    it('leaves a claim alone that is released by one who lost it', async () => {
      const store = await openStore();
      const work = key();
      const old = await claimed(store, work);
      const fresh = heldBy(work, await store.takeOver(work, await seenOf(store, work)));
      await store.release(old);
      expect(await store.claim(work)).toMatchObject({ kind: 'held', token: fresh.token });
    });
  });
}

export async function seenOf(store: WorkStore<unknown>, work: WorkKey) {
  const claim = await store.claim(work);
  if (claim.kind !== 'held') throw new Error(`expected a held claim, got ${claim.kind}`);
  return { token: claim.token, renewal: claim.renewal };
}
