import { describe, expect, it, onTestFinished } from 'vitest';
import { readSpillFiles, SpillFiles } from '../../src/infra/spill/spill-files.ts';
import { storeSpilled } from '../../src/runs/spilled-answers.ts';
import type { Store } from '../../src/stages/store.ts';
import type { Unsaved } from '../../src/streams/unsaved-writes.ts';
import type { HeldWork, WorkKey } from '../../src/streams/work.ts';
import { claimed } from '../conformance/store/claiming.ts';
import { failedAttempt, finishedWith, questionOf, research, workOf } from '../conformance/store/fixtures.ts';
import { openedEngine } from '../infra/embedded/opened.ts';

const theirs = { ...research, summary: 'theirs' };

async function bench() {
  const { engine, data, reopen, close } = await openedEngine();
  onTestFinished(close);
  const spill = new SpillFiles({
    ...{ directory: data, namespace: 'n' },
    onKept: () => undefined,
    onFailed: (_, reason) => expect.unreachable(reason),
  });
  const where = { directory: data, namespace: 'n' };
  const restore = (store: Store) => storeSpilled(where, store, (write) => write());
  return { store: engine.store, reopen, spill, restore, files: () => readSpillFiles(data, 'n') };
}

const answer = (held: HeldWork): Unsaved => ({
  ...{ kind: 'answer', stage: 'research', ...held },
  finished: finishedWith(research),
});

async function known(store: Store): Promise<WorkKey> {
  const question = questionOf();
  const work = workOf(question);
  await store.questions.accept(work, question, undefined);
  return work;
}

async function resultOf(store: Store, work: WorkKey) {
  const claim = await store.research.claim(work);
  return claim.kind === 'done' ? claim.finished.result : claim.kind;
}

describe('what an earlier process spilled', () => {
  it('is stored under its claim at the next start, and its file goes', async () => {
    const { store, reopen, spill, restore, files } = await bench();
    const work = await known(store);
    spill.keep([answer(await claimed(store.research, work))]);
    const later = (await reopen()).store;
    expect(await restore(later)).toMatchObject({ stored: 1, dropped: 0, atHand: 0 });
    expect(await resultOf(later, work)).toEqual(research);
    expect(files()).toEqual([]);
  });

  it('is stored once, however often a start is cut short', async () => {
    const { store, spill, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    for (let repeat = 0; repeat < 2; repeat += 1) {
      spill.keep([answer(held)]);
      expect(await restore(store)).toMatchObject({ stored: 1 });
    }
    expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({ done: 1 });
  });

  it('is dropped where another result of the work stands', async () => {
    const { store, reopen, spill, restore, files } = await bench();
    const work = await known(store);
    spill.keep([answer(await claimed(store.research, work))]);
    const later = (await reopen()).store;
    await later.research.complete(await claimed(later.research, work), finishedWith(theirs));
    expect(await restore(later)).toMatchObject({ stored: 0, dropped: 1 });
    expect(await resultOf(later, work)).toEqual(theirs);
    expect(files()).toEqual([]);
  });

  it('is kept at hand where another one holds the work, until it is used or superseded', async () => {
    const { store, reopen, spill, restore, files } = await bench();
    const work = await known(store);
    spill.keep([answer(await claimed(store.research, work))]);
    const later = (await reopen()).store;
    const held = await claimed(later.research, work);
    const { atHand, answers } = await restore(later);
    expect(atHand).toBe(1);
    expect(answers.of(held.workId)?.result).toEqual(research);
    expect(files()).toHaveLength(1);
    answers.drop(held.workId);
    expect(answers.of(held.workId)).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it('counts a failed attempt that was paid for', async () => {
    const { store, spill, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    spill.keep([{ kind: 'attempt', stage: 'research', ...held, attempt: failedAttempt(1) }]);
    await restore(store);
    expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({
      failedAttempts: 1,
      costUsd: 0.25,
    });
  });
});
