import { describe, expect, it } from 'vitest';
import type { Research } from '../../../stages/example.ts';
import { questionIdOf } from '../../../stages/question.ts';
import type { Store } from '../../../stages/store/store.ts';
import type { Step } from '../../../streams/work/step.ts';
import { type WorkKey, workIdOf } from '../../../streams/work/work.ts';
import { claimed } from '../claiming.ts';
import {
  attemptOf,
  finishedWith,
  listOf,
  lookedUp,
  newLane,
  newWork,
  type OpenStore,
  openForTest,
  questionOf,
  workOf,
} from '../fixtures.ts';
import { stepOf } from '../steps.ts';

const [EVIDENCE] = lookedUp.evidence ?? [];

/** Research that quotes these sources. */
function restingOn(...sources: readonly string[]): Research {
  if (EVIDENCE === undefined) throw new RangeError('the fixture has no evidence');
  return {
    ...lookedUp,
    evidence: sources.map((source, n) => ({ ...EVIDENCE, source, passageHash: `p${n}` })),
  };
}

async function researched(store: Store, work: WorkKey, ...sources: readonly string[]) {
  return store.research.complete(await claimed(store.research, work), finishedWith(restingOn(...sources)));
}

/** A step that shows a piece of each of these sources. */
export function showing(n: number, ...sources: readonly string[]): Step {
  const pieces = sources.map((source) => {
    const kind = source === 'context' ? 'context' : 'document';
    return { ...EVIDENCE, kind, source, text: 'What stands there.' };
  });
  return stepOf(n, { body: { tool: 'search', args: {}, outcome: 'ok', text: '', pieces, cached: false } });
}

/** What research rests on, and sources that are taken back. */
export function describeEvidence(open: OpenStore): void {
  describe('evidence', () => {
    it('is known by its source as soon as research stands, and by nothing that only begins alike', async () => {
      const { store, reopen } = await openForTest(open);
      const [one, two] = [newWork(), newWork()];
      expect(await researched(store, one, 'documents:m/a.pdf', 'documents:m/b/c.md')).toBe('stored');
      await researched(store, two, 'documents:m2/a.pdf', 'page:example.org/a?b=c', 'tool:wiki.read');
      const again = await reopen();
      expect(await listOf(again.evidence.usesOf('documents:m'))).toEqual([
        {
          ...{ source: 'documents:m/a.pdf', lane: one.lane, questionId: one.questionId },
          ...{ contentHash: 'c', passageHash: 'p0', cited: true },
        },
        expect.objectContaining({ source: 'documents:m/b/c.md' }),
      ]);
      for (const key of ['documents:m/b', 'documents:m/b/c.md'])
        expect(await idsOf(again, key), key).toEqual([one.questionId]);
      for (const key of ['page:example.org', 'page:example.org/a', 'tool:wiki', 'documents:m2'])
        expect(await idsOf(again, key), key).toEqual([two.questionId]);
      for (const key of ['documents:m/a', 'page:example', 'tool:wik', 'documents:m3'])
        expect(await idsOf(again, key), key).toEqual([]);
      const cited = (await listOf(again.evidence.cited())).map(({ source }) => source);
      expect(cited).toEqual(expect.arrayContaining(['documents:m/a.pdf', 'tool:wiki.read']));
    });

    it('that a question brings itself is no source', async () => {
      const { store } = await openForTest(open);
      if (EVIDENCE === undefined) throw new RangeError('the fixture has no evidence');
      const result = {
        ...lookedUp,
        evidence: [{ ...EVIDENCE, kind: 'context' as const, source: 'context' }],
      };
      await store.research.complete(await claimed(store.research, newWork()), finishedWith(result));
      expect(await idsOf(store, 'context')).toEqual([]);
    });

    it('of a forgotten source is taken no more: the work begins anew, what it cost stands, and not a word of it', async () => {
      const { store, reopen } = await openForTest(open);
      const work = newWork();
      await store.evidence.forget('documents:gone');
      expect(await researched(store, work, 'documents:kept/a.md', 'documents:gone/a.md')).toBe('void');
      const again = await reopen();
      expect(await again.research.find(work)).toBeUndefined();
      expect(await again.research.claim(work)).toMatchObject({
        kind: 'claimed',
        attempts: [
          {
            ...attemptOf(1),
            outcome: 'content',
            code: 'source_forgotten',
            message: expect.any(String),
            reply: '',
          },
        ],
      });
      expect(await researched(again, newWork(), 'documents:gone-2/a.md')).toBe('stored');
    });

    it('that comes back again and again from a forgotten source ends the work', async () => {
      const { store } = await openForTest(open);
      const held = await claimed(store.research, newWork());
      await store.evidence.forget('documents:back');
      const before = [1, 2].map((number) =>
        attemptOf(number, { outcome: 'content', code: 'source_forgotten' }),
      );
      const finished = finishedWith(restingOn('documents:back/a.md'), {
        attempts: [...before, attemptOf(3)],
      });
      await expect(store.research.complete(held, finished)).rejects.toMatchObject({
        kind: 'poison',
        code: 'source_forgotten',
      });
    });

    it('that a step only showed is known by its source, and the steps go without the result', async () => {
      const { store, reopen } = await openForTest(open);
      const work = newWork({ stage: 'research' });
      const held = await claimed(store.research, work);
      const shown = 'documents:seen/a.md';
      expect(await store.research.appendStep(held, showing(0, shown, 'context'))).toBe('stored');
      expect(await store.research.appendStep(held, showing(1, shown))).toBe('stored');
      const again = await reopen();
      const { lane, questionId } = work;
      expect(await listOf(again.evidence.usesOf('documents:seen'))).toEqual([
        { source: shown, lane, questionId, contentHash: 'c', passageHash: '', cited: false },
      ]);
      expect(await idsOf(again, 'context')).toEqual([]);
      expect((await listOf(again.evidence.cited())).map(({ source }) => source)).not.toContain(shown);
      await again.cleanup.dropStepsOf(work);
      expect(await again.research.steps(workIdOf(work))).toEqual([]);
      await again.evidence.finish('documents:seen');
      expect(await idsOf(again, 'documents:seen')).toEqual([]);
    });

    it('of a forgotten source that was only seen takes the steps along when the work ends', async () => {
      const { store } = await openForTest(open);
      const [saw, other] = [newWork({ stage: 'research' }), newWork({ stage: 'research' })];
      await store.evidence.forget('documents:late');
      for (const [work, source] of [
        [saw, 'documents:late/a.md'],
        [other, 'documents:later/a.md'],
      ] as const) {
        const held = await claimed(store.research, work);
        await store.research.appendStep(held, showing(0, source));
        const finished = { ...finishedWith(restingOn('documents:kept/a.md')), stepped: true as const };
        expect(await store.research.complete(held, finished)).toBe('stored');
      }
      expect(await store.research.find(saw)).toBeDefined();
      expect(await store.research.steps(workIdOf(saw))).toEqual([]);
      expect(await store.research.steps(workIdOf(other))).toHaveLength(1);
    });

    it('goes with its question and with its lane', async () => {
      const { store } = await openForTest(open);
      const [gone, kept, lane] = [questionOf(), questionOf(), newLane()];
      for (const question of [gone, kept]) await researched(store, workOf(question), 'documents:goes/a.md');
      await researched(store, workOf(gone, { lane }), 'documents:lane/a.md');
      await store.cleanup.dropLane(lane);
      expect(await idsOf(store, 'documents:lane')).toEqual([]);
      await store.forgotten.mark([questionIdOf(gone)]);
      await store.forgotten.erase([questionIdOf(gone)]);
      expect(await idsOf(store, 'documents:goes')).toEqual([questionIdOf(kept)]);
    });

    it('knows which sources are forgotten, and which of them are not gone yet', async () => {
      const { store, reopen } = await openForTest(open);
      const [one, two] = ['documents:half-1', 'documents:half-2'];
      for (const key of [one, two]) await store.evidence.forget(key);
      await store.evidence.finish(two);
      const again = await reopen();
      expect(await again.evidence.unfinished()).toEqual(expect.arrayContaining([one]));
      expect(await again.evidence.unfinished()).not.toContain(two);
      expect(await again.evidence.forgottenAmong([`${two}/a.md`, 'documents:half/a.md'])).toEqual([
        `${two}/a.md`,
      ]);
      await again.evidence.forget(two);
      expect(await again.evidence.unfinished()).toContain(two);
    });
  });
}

async function idsOf(store: Store, key: string) {
  return (await listOf(store.evidence.usesOf(key))).map(({ questionId }) => questionId).sort();
}
