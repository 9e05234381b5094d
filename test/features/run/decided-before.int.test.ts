import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { reviewDesk } from '../../../src/features/review/review-desk.ts';
import { decidedBefore } from '../../../src/features/run/decided-before.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import type { Token } from '../../../src/streams/work/work.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { tempDir } from '../../support/temp-dir.ts';

const QUESTIONS = 3;

it('a run works what people decided before it, though all of its questions are at an end already', async () => {
  const given = { data: await tempDir(), dryRun: true, holdShare: 1 };
  const first = await runHere(given, { asked: askedQuestions(QUESTIONS) });
  expect(first.counts).toMatchObject({ held: QUESTIONS, approved: 0 });
  const namespace = 'millrace-simulated';
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  const reviewQueue = reviewDesk({ log: engine.log, store: engine.store, namespace });
  for (let index = 0; index < QUESTIONS; index += 1) {
    const claim = { reviewer: 'Ann', token: randomUUID() as Token, forMs: 60_000 };
    const entry = await reviewQueue.queue.claimNext(MAIN_LANE, claim);
    if (entry === undefined) throw new RangeError('nothing waits');
    const { questionId, revision } = entry;
    const said = { reviewer: 'Ann', token: claim.token, revision, reason: '' };
    await reviewQueue.decide(MAIN_LANE, questionId, { ...said, verdict: 'approve' });
  }
  await engine.close();
  const second = await runHere(given, { asked: askedQuestions(QUESTIONS) });
  expect(second.counts).toMatchObject({ held: 0, approved: QUESTIONS });
  expect(second.spent.calls).toBe(0);
});

it('what was decided is at its end once storage has read what it came to as well', async () => {
  const committed = { verdicts: 0n, storage: 0n };
  const at = (name: string) => (name.endsWith('verdicts') ? 'verdicts' : 'storage');
  const log = {
    endOffsets: async (topic: string) => new Map([[0, at(topic) === 'verdicts' ? 2n : 7n]]),
    committedOffsets: async (_group: string, topic: string) => new Map([[0, committed[at(topic)]]]),
  };
  const isOver = await decidedBefore({ engine: { log }, namespace: 'n' });
  expect(await isOver()).toBe(false);
  committed.verdicts = 2n;
  expect(await isOver(), 'storage has not read it').toBe(false);
  committed.storage = 7n;
  expect(await isOver()).toBe(true);
});
