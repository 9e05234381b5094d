import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { reviewItemOf } from '../../../src/features/review/http/review-item.ts';
import { reviewDesk } from '../../../src/features/review/review-desk.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { registerTypes, registerTypesOf } from '../../../src/infra/plugins/load-types.ts';
import type { ShadowReview } from '../../../src/stages/judges/shadow-review.ts';
import type { OutgoingRecord } from '../../../src/streams/log/log.ts';
import type { Token } from '../../../src/streams/work/work.ts';
import { questionOf, workOf } from '../../../src/testing/store/fixtures.ts';
import { shownOf } from '../../../src/testing/store/review-queue.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';
import { tempDir } from '../../support/temp-dir.ts';

const strict = { name: 'strict', score: 5.5, verdict: 'rejected', feedback: 'Too short.' };

/** A desk with one question on it, and what it publishes. */
async function oneHeld(shadow?: ShadowReview, trainingType = 'sft') {
  const { store, close } = await openEmbedded({ data: await tempDir(), namespace: 'n', mode: 'consume' });
  onTestFinished(() => close());
  const question = { ...questionOf(), trainingType };
  const work = workOf(question, { stage: 'review' });
  await store.questions.accept(work, question, undefined);
  await store.move({ work, status: 'held', waiting: shownOf(work, 'score', question, shadow) });
  const published: OutgoingRecord[] = [];
  const publish = async (_topic: string, records: readonly OutgoingRecord[]) =>
    void published.push(...records);
  const reviewQueue = reviewDesk({ log: { publish }, store, namespace: 'n' });
  const token = randomUUID() as Token;
  const decide = async () => {
    await reviewQueue.queue.claim(work.lane, work.questionId, { reviewer: 'Ann', token, forMs: 60_000 });
    const said = { reviewer: 'Ann', token, revision: 0, reason: '', verdict: 'approve' } as const;
    return reviewQueue.decide(work.lane, work.questionId, said);
  };
  return { store, work, reviewQueue, decide, published };
}

it('a decision and what takes it back have what a shadow judge said with them, where one differs', async () => {
  for (const shadow of [strict, undefined]) {
    const { work, reviewQueue, decide, published } = await oneHeld(shadow);
    await decide();
    await reviewQueue.undo(work.lane, work.questionId, 'Ann', 0);
    const told = published.map(({ value }) => JSON.parse(String(value)).shadow);
    expect(told).toEqual([shadow, shadow]);
  }
});

it('a decision outranks what was sent again since the question was held', async () => {
  const { store, work, reviewQueue, decide, published } = await oneHeld();
  expect(await decide()).toEqual({ kind: 'decided', revision: 1 });
  await store.move({ work: { ...work, revision: 1, drive: 2 }, status: 'approved' });
  await reviewQueue.undo(work.lane, work.questionId, 'Ann', 0);
  const drives = published.map(({ value }) => JSON.parse(String(value)).drive);
  expect(drives).toEqual([0, 2]);
});

it('the second of two who take a decision back at once is told that the first did', async () => {
  const { reviewQueue, work, decide } = await oneHeld();
  await decide();
  const both = await Promise.all(
    ['Ann', 'Bob'].map((name) => reviewQueue.undo(work.lane, work.questionId, name, 0)),
  );
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['decided', 'refused']);
  expect(both.find(({ kind }) => kind === 'refused')).toMatchObject({ why: 'decided' });
});

it('an example of a type that has changed since is shown, and may be edited, by the definition that it fits', async () => {
  const cardOf = (...fields: readonly string[]) => ({
    ...{
      name: 'desk-card',
      instructions: 'Write.',
      judge: `{{#${fields.at(-1)}}}{{${fields.at(-1)}}}!{{/${fields.at(-1)}}}`,
    },
    candidate: {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
      required: fields,
    },
  });
  await registerTypes([cardOf('answer', 'hint')]);
  const entry = { userTurn: 'verbatim' as const, instructions: 'Write.', definition: cardOf('answer') };
  registerTypesOf({ recipes: { ...recipes(), types: { 'desk-card': entry } } });
  const { store, work, reviewQueue, published } = await oneHeld(undefined, 'desk-card');
  const held = await store.reviewQueue.find(work.lane, work.questionId);
  if (held === undefined) throw new Error('nothing is held');
  const old = { answer: 'So' };
  const shown = reviewItemOf({ ...held, message: { ...held.message, candidate: old } });
  expect(shown.presented).toBe('So!');

  const token = randomUUID() as Token;
  await reviewQueue.queue.claim(work.lane, work.questionId, { reviewer: 'Ann', token, forMs: 60_000 });
  const said = { reviewer: 'Ann', token, revision: 0, reason: '', verdict: 'edit' } as const;
  const misfit = await reviewQueue.decide(work.lane, work.questionId, { ...said, candidate: { front: 'F' } });
  expect(misfit).toMatchObject({ kind: 'refused', why: 'not_a_candidate' });
  const edited = { ...said, candidate: { answer: 'So it is' } };
  expect(await reviewQueue.decide(work.lane, work.questionId, edited)).toMatchObject({ kind: 'decided' });
  expect(JSON.parse(String(published[0]?.value)).decision.candidate).toEqual({ answer: 'So it is' });
});
