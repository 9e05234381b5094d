import { describe, expect, it } from 'vitest';
import { recipesOf } from '../../infra/config/recipes.ts';
import { settingsSchema } from '../../infra/config/settings.ts';
import { shadowLaneOf } from '../../stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import type { Decision } from '../../stages/store/decision.ts';
import type { ShadowVerdict } from '../../stages/store/shadow-repository.ts';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName, WorkKey } from '../../streams/work/work.ts';
import { newLane, newWork, type OpenStore, openForTest } from './fixtures.ts';

/** A lane with room for no question: a shadow's, of `parent`. */
export async function putShadowLane(store: Store, name: LaneName, parent: LaneName = MAIN_LANE) {
  const recipes = await recipesOf(settingsSchema.parse({}));
  const createdAt = '2026-01-01T00:00:00.000Z';
  await store.lanes.put({ name, parent, shadow: true, recipes, simulated: false, createdAt });
}

/** What the shadow `stern` said of a work: that it is no good, unless it says otherwise. */
export function saidOf(
  { lane, questionId, revision }: WorkKey,
  overrides: Partial<ShadowVerdict> = {},
): ShadowVerdict {
  return {
    shadow: 'stern',
    ...{ lane, questionId, revision },
    ...{ live: 'approved', liveScore: 8, verdict: 'rejected', score: 5.5 },
    feedback: 'Too short ✓.',
    at: '2026-03-01T10:00:00.000Z',
    ...overrides,
  };
}

const AGREES = { verdict: 'approved', score: 9 } as const;
const SENT_BACK = { live: 'rejected', liveScore: 3, verdict: 'approved', score: 7 } as const;

/** What shadow judges said. */
export function describeShadows(open: OpenStore): void {
  describe('shadow judges', () => {
    it('tells every process what they said about a question, by revision and name, and nothing of others', async () => {
      const { store, reopen } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      const said = [
        saidOf(work, { shadow: 'mild', ...AGREES }),
        saidOf(work),
        saidOf({ ...work, revision: 2 }),
        saidOf({ ...work, revision: 10 }),
      ];
      const others = [newWork({ lane: work.lane }), { ...work, lane: newLane() }].map((each) => saidOf(each));
      for (const each of [...said.toReversed(), ...others]) await store.shadows.keep(each);
      expect(await (await reopen()).shadows.verdictsOn(work.lane, work.questionId)).toEqual(said);
    });

    it('keeps the last of two verdicts on a revision', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      await Promise.all([store.shadows.keep(saidOf(work)), store.shadows.keep(saidOf(work))]);
      const later = saidOf(work, { ...AGREES, at: '2026-03-02T10:00:00.000Z' });
      await store.shadows.keep(later);
      expect(await store.shadows.verdictsOn(work.lane, work.questionId)).toEqual([later]);
      expect(await store.shadows.disagreements({ shadow: 'stern', limit: 9 })).toEqual({
        verdicts: [],
        next: undefined,
      });
      expect(await store.shadows.counts('stern', '2026-03-01')).toEqual([
        { day: '2026-03-02', live: 'approved', verdict: 'approved', count: 1, scoreDifference: 1 },
      ]);
    });

    it('counts by day how verdicts fell and how far the scores lie apart', async () => {
      const { store } = await openForTest(open);
      const next = '2026-03-02T00:00:00.000Z';
      const [early, other] = [{ at: '2026-02-28T23:59:59.999Z' }, { shadow: 'mild' }];
      for (const overrides of [{}, { score: 6 }, AGREES, { ...SENT_BACK, at: next }, early, other])
        await store.shadows.keep(saidOf(newWork({ lane: newLane() }), overrides));
      expect(await store.shadows.counts('stern', '2026-03-01')).toEqual([
        { day: '2026-03-01', live: 'approved', verdict: 'approved', count: 1, scoreDifference: 1 },
        { day: '2026-03-01', live: 'approved', verdict: 'rejected', count: 2, scoreDifference: -4.5 },
        { day: '2026-03-02', live: 'rejected', verdict: 'approved', count: 1, scoreDifference: 4 },
      ]);
      expect(await store.shadows.counts('stern', '2026-03-03')).toEqual([]);
    });

    it('lists where a shadow differs from the live judge, the newest first, page by page', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const days = [1, 2, 2, 2, 3].map((day) => ({ at: `2026-03-0${day}T10:00:00.000Z` }));
      const differing = days.map((at) => saidOf(newWork({ lane }), at));
      const agreeing = days.map((at) => saidOf(newWork({ lane }), { ...AGREES, ...at }));
      for (const each of [...differing, ...agreeing]) await store.shadows.keep(each);
      await store.shadows.keep(saidOf(newWork({ lane }), { shadow: 'mild' }));
      const first = await store.shadows.disagreements({ shadow: 'stern', limit: 2 });
      const second = await store.shadows.disagreements({ shadow: 'stern', limit: 2, from: first.next });
      const third = await store.shadows.disagreements({ shadow: 'stern', limit: 2, from: second.next });
      const seen = [...first.verdicts, ...second.verdicts, ...third.verdicts];
      expect(seen.map(({ at }) => at)).toEqual(days.map(({ at }) => at).toReversed());
      expect(new Set(seen)).toEqual(new Set(differing));
      expect(third.next).toBeUndefined();
      await expect(
        store.shadows.disagreements({ shadow: 'stern', limit: 2, from: 'nowhere' }),
      ).rejects.toMatchObject({ kind: 'poison', code: 'bad_place' });
    });

    it('counts with whom a person went about what the shadow judged, but for what was taken back', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const decided = async (verdict: Decision['verdict'], overrides: Partial<ShadowVerdict> = {}) => {
        const work = newWork({ lane });
        await store.shadows.keep(saidOf(work, overrides));
        await store.reviewQueue.keep(work, decision(verdict));
        return work;
      };
      await decided('approve');
      await decided('reject');
      await decided('edit');
      await decided('reject', SENT_BACK);
      await decided('approve', AGREES);
      await decided('approve', { shadow: 'mild' });
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 2, withShadow: 2 });
      const undone = await decided('approve', SENT_BACK);
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 2, withShadow: 3 });
      const undo = { ...undone, revision: 1 };
      await store.shadows.keep(saidOf(undo));
      await store.reviewQueue.keep(undo, decision('undo'));
      const elsewhere = newWork({ lane });
      await store.shadows.keep(saidOf({ ...elsewhere, revision: 1 }));
      await store.reviewQueue.keep(elsewhere, decision('reject'));
      await store.reviewQueue.keep({ ...elsewhere, lane: newLane(), revision: 1 }, decision('reject'));
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 2, withShadow: 2 });
      expect(await store.shadows.agreementWithPeople('unknown')).toEqual({ withLive: 0, withShadow: 0 });
    });

    it.each<[string, readonly Decision['verdict'][], { withLive: number; withShadow: number }]>([
      ['a decision', ['reject'], { withLive: 0, withShadow: 1 }],
      ['a decision that was taken back', ['reject', 'undo'], { withLive: 0, withShadow: 0 }],
      ['the decision after it', ['reject', 'undo', 'reject'], { withLive: 0, withShadow: 1 }],
      ['a mind that was changed', ['reject', 'undo', 'approve'], { withLive: 1, withShadow: 0 }],
      ['an edit after all', ['approve', 'undo', 'edit'], { withLive: 0, withShadow: 1 }],
      ['both taken back', ['reject', 'undo', 'approve', 'undo'], { withLive: 0, withShadow: 0 }],
    ])('counts with whom a person went at last: %s', async (_, verdicts, agreementWithPeople) => {
      const { store } = await openForTest(open);
      // The revisions of a question that was decided often differ in length: 9 and 11.
      for (const revision of [0, 9]) {
        const work = newWork({ lane: newLane() });
        await store.shadows.keep(saidOf({ ...work, revision }));
        await decideInTurn(store, { ...work, revision }, verdicts);
        const others = [{ ...work, lane: newLane() }, newWork({ lane: work.lane })];
        for (const each of others) await decideInTurn(store, { ...each, revision }, ['approve']);
      }
      const twice = {
        withLive: 2 * agreementWithPeople.withLive,
        withShadow: 2 * agreementWithPeople.withShadow,
      };
      expect(await store.shadows.agreementWithPeople('stern')).toEqual(twice);
    });

    it('counts a decision for the last verdict of a shadow on what was decided, and for no other', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      for (const revision of [0, 9, 10]) await store.shadows.keep(saidOf({ ...work, revision }, SENT_BACK));
      const last = { ...work, revision: 10 };
      await decideInTurn(store, last, ['approve', 'undo', 'approve']);
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 0, withShadow: 1 });
      await store.shadows.keep(saidOf(last, AGREES));
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 0, withShadow: 0 });
    });

    it('counts a decision for one verdict, though an older one was decided and taken back', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      for (const revision of [0, 2]) await store.shadows.keep(saidOf({ ...work, revision }));
      await decideInTurn(store, work, ['reject', 'undo', 'approve']);
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 1, withShadow: 0 });
    });

    it('counts no decision on another candidate than the one that the shadow judged', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      await store.shadows.keep(saidOf(work, SENT_BACK));
      await decideInTurn(store, { ...work, revision: 1 }, ['approve']);
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 0, withShadow: 0 });
    });

    it('counts each of two decisions that stand for the verdict before it', async () => {
      const { store } = await openForTest(open);
      const work = newWork({ lane: newLane() });
      const again = { ...work, revision: 2 };
      for (const each of [work, again]) await store.shadows.keep(saidOf(each));
      // Another shadow's later verdict changes nothing.
      await store.shadows.keep(saidOf({ ...work, revision: 1 }, { shadow: 'mild' }));
      await decideInTurn(store, work, ['reject']);
      await decideInTurn(store, again, ['approve']);
      expect(await store.shadows.agreementWithPeople('stern')).toEqual({ withLive: 1, withShadow: 1 });
    });

    it('lists the lanes of shadow judges by name, and no other lane', async () => {
      const { store } = await openForTest(open);
      expect(await store.shadows.shadows()).toEqual([]);
      for (const name of ['stern', 'mild']) await putShadowLane(store, shadowLaneOf(name));
      const recipes = await recipesOf(settingsSchema.parse({}));
      const other = { name: newLane(), recipes, simulated: false, createdAt: '2026-01-01T00:00:00.000Z' };
      await store.lanes.put(other);
      const lanes = await store.shadows.shadows();
      expect(lanes.map(({ name, parent }) => [name, parent])).toEqual([
        ['shadow-mild', 'main'],
        ['shadow-stern', 'main'],
      ]);
    });

    it('keeps nothing of a forgotten question', async () => {
      const { store } = await openForTest(open);
      const [work, other] = [newWork({ lane: newLane() }), newWork({ lane: newLane() })];
      for (const each of [work, other]) await store.shadows.keep(saidOf(each));
      await store.forgotten.mark([work.questionId]);
      await store.shadows.keep(saidOf({ ...work, revision: 1 }));
      await store.forgotten.erase([work.questionId]);
      await store.shadows.keep(saidOf({ ...work, revision: 2 }));
      expect(await store.shadows.verdictsOn(work.lane, work.questionId)).toEqual([]);
      expect((await store.shadows.disagreements({ shadow: 'stern', limit: 9 })).verdicts).toEqual([
        saidOf(other),
      ]);
    });
  });
}

/** Each decision counts as a revision. */
async function decideInTurn(store: Store, work: WorkKey, verdicts: readonly Decision['verdict'][]) {
  for (const [index, verdict] of verdicts.entries())
    await store.reviewQueue.keep({ ...work, revision: work.revision + index }, decision(verdict));
}

function decision(verdict: Decision['verdict']): Decision {
  return { reviewer: 'Ann', verdict, reason: '', judge: 'approved', at: '2026-03-01T11:00:00.000Z' };
}
