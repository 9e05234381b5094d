import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ShadowReview } from '../../stages/judges/shadow-review.ts';
import { storageMessage } from '../../stages/message.ts';
import type { Decision } from '../../stages/store/decision.ts';
import { type HoldReason, type ReviewClaim, waitingOf } from '../../stages/store/review-queue-repository.ts';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName, Token, WorkKey } from '../../streams/work/work.ts';
import {
  approval,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  questionOf,
  research,
  workOf,
} from './fixtures.ts';

const claimBy = (reviewer: string, forMs = 60_000): ReviewClaim => ({
  reviewer,
  token: randomUUID() as Token,
  forMs,
});

/** What waits for people, and what they decide. */
export function describeReviewQueue(open: OpenStore): void {
  describe('review queue', () => {
    it('shows what waits, the oldest first, page by page, and to every process', async () => {
      const { store, reopen } = await openForTest(open);
      const lane = newLane();
      const works = await hold(store, lane, 5);
      const again = (await reopen()).reviewQueue;
      const first = await again.queue({ lane, limit: 3 });
      const second = await again.queue({ lane, limit: 3, from: first.next });
      const seen = [...first.entries, ...second.entries].map(({ questionId }) => questionId);
      expect(seen.toSorted()).toEqual(works.map(({ questionId }) => questionId).toSorted());
      expect(second.next).toBeUndefined();
      expect(await again.waiting(lane)).toBe(5);
      expect(first.entries[0]).toMatchObject({ lane, revision: 0, why: 'score', state: 'waiting' });
    });

    it('shows only what waits for the reason that is asked for', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      await hold(store, lane, 1, 'score');
      const [audited] = await hold(store, lane, 1, 'audit');
      const { entries } = await store.reviewQueue.queue({ lane, why: 'audit', limit: 9 });
      expect(entries.map(({ questionId }) => questionId)).toEqual([audited?.questionId]);
      expect(await store.reviewQueue.claimNext(lane, claimBy('Ann'), 'disagreement')).toBeUndefined();
    });

    it('gives each of ten reviewers at once another question', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      await hold(store, lane, 10);
      const claimed = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.reviewQueue.claimNext(lane, claimBy(`reviewer ${index}`)),
        ),
      );
      expect(new Set(claimed.map((entry) => entry?.questionId)).size).toBe(10);
      expect(await store.reviewQueue.claimNext(lane, claimBy('late'))).toBeUndefined();
    });

    it('gives a reviewer who comes back what is in hand already', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      await hold(store, lane, 3);
      const first = await store.reviewQueue.claimNext(lane, claimBy('Ann'));
      const again = await store.reviewQueue.claimNext(lane, claimBy('Ann'));
      expect(again?.questionId).toBe(first?.questionId);
    });

    it('says whose a claimed question is, until the claim runs out or is given back', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const [{ questionId } = newWork()] = await hold(store, lane, 1);
      const ann = claimBy('Ann');
      expect((await store.reviewQueue.claim(lane, questionId, ann)).kind).toBe('claimed');
      expect(await store.reviewQueue.claim(lane, questionId, claimBy('Bob'))).toEqual({
        kind: 'taken',
        by: 'Ann',
      });
      expect(await store.reviewQueue.holds(lane, questionId, ann.token)).toBe(true);
      await store.reviewQueue.release(lane, questionId, ann.token);
      expect(await store.reviewQueue.holds(lane, questionId, ann.token)).toBe(false);
      expect((await store.reviewQueue.claim(lane, questionId, claimBy('Bob', -1))).kind).toBe('claimed');
      expect((await store.reviewQueue.claim(lane, questionId, claimBy('Cid'))).kind).toBe('claimed');
      expect((await store.reviewQueue.find(lane, questionId))?.claimedBy).toBe('Cid');
    });

    it('lets the first decision on a revision stand, and ends the wait', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const [work = newWork()] = await hold(store, lane, 1);
      const [one, two] = await Promise.all([
        store.reviewQueue.keep(work, decision('Ann', 'approve')),
        store.reviewQueue.keep(work, decision('Bob', 'reject')),
      ]);
      expect(one).toEqual(two);
      expect(await store.reviewQueue.keep(work, decision('Cid', 'reject'))).toEqual(one);
      expect(await store.reviewQueue.waiting(lane)).toBe(0);
      expect((await store.reviewQueue.claim(lane, work.questionId, claimBy('Ann'))).kind).toBe('gone');
    });

    it('waits again at a higher revision, and not at the same', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const [work = newWork()] = await hold(store, lane, 1);
      await store.reviewQueue.keep(work, decision('Ann', 'approve'));
      await store.reviewQueue.put(work, shownOf(work, 'score'));
      expect(await store.reviewQueue.waiting(lane)).toBe(0);
      await store.reviewQueue.put({ ...work, revision: 2 }, shownOf({ ...work, revision: 2 }, 'score'));
      expect((await store.reviewQueue.queue({ lane, limit: 9 })).entries[0]).toMatchObject({ revision: 2 });
    });

    it('counts by day what was decided beside the judge, but for what was taken back', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const works = await hold(store, lane, 3);
      const [a = newWork(), b = newWork(), c = newWork()] = works;
      await store.reviewQueue.keep(a, decision('Ann', 'approve'));
      await store.reviewQueue.keep(b, decision('Ann', 'reject'));
      await store.reviewQueue.keep(c, decision('Bob', 'edit', '2026-03-02'));
      await store.reviewQueue.keep({ ...a, revision: 1 }, decision('Ann', 'undo'));
      expect(await store.reviewQueue.decided(lane, '2026-03-01')).toEqual([
        { day: '2026-03-01', judge: 'approved', verdict: 'reject', count: 1 },
        { day: '2026-03-02', judge: 'approved', verdict: 'edit', count: 1 },
      ]);
      expect(await store.reviewQueue.decided(lane, '2026-03-03')).toEqual([]);
    });

    it('lists decisions, the newest first, page by page and by reviewer', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const works = await hold(store, lane, 5);
      for (const [index, work] of works.entries())
        await store.reviewQueue.keep(
          work,
          decision(index % 2 === 0 ? 'Ann' : 'Bob', 'approve', `2026-03-0${index + 1}`),
        );
      const first = await store.reviewQueue.decisions({ lane, limit: 3 });
      const second = await store.reviewQueue.decisions({ lane, limit: 3, from: first.next });
      const seen = [...first.decisions, ...second.decisions].map(({ questionId }) => questionId);
      expect(seen).toEqual(works.map(({ questionId }) => questionId).toReversed());
      const { decisions } = await store.reviewQueue.decisions({ lane, reviewer: 'Bob', limit: 9 });
      expect(decisions).toHaveLength(2);
      await expect(store.reviewQueue.decisions({ lane, limit: 3, from: 'nowhere' })).rejects.toMatchObject({
        code: 'bad_place',
      });
    });

    it('tells every decision on a question, undone ones too, in their order', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const [work = newWork(), other = newWork()] = await hold(store, lane, 2);
      await store.reviewQueue.keep(work, decision('Ann', 'approve'));
      await store.reviewQueue.keep(other, decision('Bob', 'reject'));
      await store.reviewQueue.keep({ ...work, revision: 1 }, decision('Cid', 'undo'));
      await store.reviewQueue.keep({ ...work, revision: 12 }, decision('Bob', 'reject'));
      const told = await store.reviewQueue.decisionsOn(lane, work.questionId);
      expect(told.map(({ revision, reviewer, undone }) => [revision, reviewer, undone])).toEqual([
        [0, 'Ann', true],
        [1, 'Cid', false],
        [12, 'Bob', false],
      ]);
      expect(await store.reviewQueue.decisionsOn(newLane(), work.questionId)).toEqual([]);
    });

    it('moves the status of what is held, and keeps it in the queue', async () => {
      const { store } = await openForTest(open);
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'review' });
      await store.questions.accept(work, question, undefined);
      await store.move({ work, status: 'held', waiting: shownOf(work, 'audit') });
      expect(await store.reports.statusOf(work.lane, work.questionId)).toBe('held');
      expect(await store.reviewQueue.find(work.lane, work.questionId)).toMatchObject({ why: 'audit' });
    });

    it('takes nothing of a forgotten question', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const [work = newWork(), other = newWork()] = await hold(store, lane, 2);
      await store.questions.accept(work, questionOf(), undefined);
      await store.reviewQueue.keep(work, decision('Ann', 'approve'));
      await store.forgotten.mark([work.questionId]);
      await store.forgotten.erase([work.questionId]);
      await store.reviewQueue.put({ ...work, revision: 3 }, shownOf({ ...work, revision: 3 }, 'score'));
      expect(await store.reviewQueue.find(lane, work.questionId)).toBeUndefined();
      expect((await store.reviewQueue.decisions({ lane, limit: 9 })).decisions).toEqual([]);
      expect(await store.reviewQueue.find(lane, other.questionId)).toBeDefined();
    });
  });
}

async function hold(store: Store, lane: LaneName, count: number, why: HoldReason = 'score') {
  const works = Array.from({ length: count }, () => newWork({ lane, stage: 'verdicts' }));
  for (const work of works) await store.reviewQueue.put(work, shownOf(work, why));
  return works;
}

export function shownOf(
  { lane, revision }: WorkKey,
  why: HoldReason,
  question = questionOf(),
  shadow?: ShadowReview,
) {
  const about = { v: 1, lane, revision, question, research, provenance: [] };
  const message = storageMessage.parse({ ...about, candidate: { a: '✓' }, review: approval });
  return waitingOf(why, { message, shadow });
}

function decision(reviewer: string, verdict: Decision['verdict'], day = '2026-03-01'): Decision {
  return { reviewer, verdict, reason: '', judge: 'approved', at: `${day}T10:00:00.000Z` };
}
