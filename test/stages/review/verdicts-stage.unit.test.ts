import { describe, expect, it } from 'vitest';
import type { Review } from '../../../src/stages/example.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { verdictsStage } from '../../../src/stages/review/verdicts-stage.ts';
import { storageStage } from '../../../src/stages/storage/stage.ts';
import type { Decision } from '../../../src/stages/store/decision.ts';
import { shownSchema } from '../../../src/stages/store/review-queue-repository.ts';
import type { StageResult } from '../../../src/streams/delivery/stage.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  candidate,
  earlier,
  firstAttempt,
  laneOf,
  lanesOf,
  nextRecord,
  questionOf,
  recordWith,
  research,
  reviewOf,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { finished } from '../../support/stage/work.ts';

const story = { v: 1, question: questionOf(), research, candidate, provenance: [earlier] };
const lanes = lanesOf(laneOf());

function saying(verdict: Decision['verdict'], more: Partial<Decision> = {}): Decision {
  return { reviewer: 'Ann', verdict, reason: '', judge: 'rejected', at: '2026-03-01T00:00:00.000Z', ...more };
}

const shadow = { name: 'strict', score: 5.5, verdict: 'rejected', feedback: 'Too short.' };

/** What becomes of a decision on revision 2. `standing` is the one that was kept before, if there is one. */
async function worked(decision: Decision, review: Review, standing = decision, told: object = {}) {
  const kept: unknown[] = [];
  const keep = async (work: object, each: Decision) => {
    kept.push([work, each]);
    return standing;
  };
  const stage = verdictsStage({ topics, store: new FakeWorkStore<Decision>(), lanes, keep });
  const message = stage.decode(recordWith({ ...story, ...told, revision: 2, review, decision }));
  const { result } = await stage.run(message, firstAttempt);
  const next = stage.decide(message, finished(result));
  return { kept, next, ...(await stored(next)) };
}

/** What stage 5 makes of it. */
async function stored(next: StageResult) {
  const stage = storageStage({ topics, store: new FakeWorkStore(), lanes });
  const message = stage.decode(nextRecord(next));
  const { result: example } = await stage.run(message, firstAttempt);
  return { example, end: stage.decide(message, finished(example)) };
}

/** What a person sees of a question that waits again. */
function shownIn(end: StageResult) {
  if (end.kind !== 'hold') throw new RangeError(`decided ${end.kind}`);
  return shownSchema.parse(JSON.parse(end.waiting.shown));
}

describe("a person's verdict", () => {
  it('counts as a revision by that person, with the scores and the verdict of the judge beside it', async () => {
    const { kept, next, end } = await worked(saying('approve'), reviewOf('rejected', { hold: 'score' }));
    expect(kept).toMatchObject([
      [{ questionId: questionIdOf(questionOf()), revision: 2 }, saying('approve')],
    ]);
    expect(next).toMatchObject({ kind: 'emit', topic: 'millrace.storage' });
    expect(end).toMatchObject({ kind: 'finish', status: 'approved' });
    const ledger = end.kind === 'finish' ? JSON.parse(String(end.records[0]?.value)) : undefined;
    expect(ledger).toMatchObject({
      revision: 3,
      candidate,
      review: { verdict: 'approved', reviewer: 'Ann', judged: 'rejected', score: 3 },
    });
    expect(ledger.provenance.at(-1)).toMatchObject({ stage: 'verdicts', revision: 2, model: 'person' });
    expect(ledger).not.toHaveProperty('retracted');
  });

  it('brings the candidate of an edit into the dataset', async () => {
    const own = { prompt: 'Why?', answer: 'Because.' };
    const { end } = await worked(saying('edit', { candidate: own }), reviewOf('approved'));
    const ledger = end.kind === 'finish' ? JSON.parse(String(end.records[0]?.value)) : undefined;
    expect(ledger).toMatchObject({ candidate: own, review: { verdict: 'approved', judged: 'approved' } });
  });

  it('ends a rejected question with the reason, and takes back what the ledger may hold of it', async () => {
    const { end } = await worked(saying('reject', { reason: 'Too thin.' }), reviewOf('approved'));
    expect(end).toMatchObject({ kind: 'finish', status: 'rejected' });
    const ledger = end.kind === 'finish' ? JSON.parse(String(end.records[0]?.value)) : undefined;
    expect(ledger).toMatchObject({ revision: 3, retracted: true, review: { feedback: 'Too thin.' } });
  });

  it('makes the question wait again when it is taken back, as the judge left it', async () => {
    const { end } = await worked(saying('undo'), reviewOf('approved', { hold: 'audit' }));
    expect(end).toMatchObject({ kind: 'hold', status: 'held', waiting: { why: 'audit' } });
    expect(shownIn(end).message).toMatchObject({ revision: 3, candidate, review: { judged: 'approved' } });
    const ledger = end.kind === 'hold' ? JSON.parse(String(end.records[0]?.value)) : undefined;
    expect(ledger).toMatchObject({ retracted: true });
  });

  it('that is taken back leaves both reviews to see where a shadow judge differs, and none where none does', async () => {
    const undo = saying('undo');
    const { end } = await worked(undo, reviewOf('approved'), undo, { shadow });
    expect(end).toMatchObject({ kind: 'hold', waiting: { why: 'disagreement' } });
    const shown = shownIn(end);
    expect(shown.shadow).toEqual(shadow);
    expect(shown.message).not.toHaveProperty('shadow');
    const alone = await worked(undo, reviewOf('approved', { hold: 'audit' }));
    expect(shownIn(alone.end)).not.toHaveProperty('shadow');
  });

  it.each(['approve', 'edit', 'reject', 'undo'] as const)(
    'brings nothing of what a shadow judge said into the dataset or onto the ledger: %s',
    async (verdict) => {
      const decision = saying(verdict, verdict === 'edit' ? { candidate } : {});
      const { end, example } = await worked(decision, reviewOf('approved'), decision, { shadow });
      expect(JSON.stringify(example)).not.toContain(shadow.feedback);
      expect(JSON.stringify('records' in end ? end.records : [])).not.toContain(shadow.feedback);
    },
  );

  it('is the first one where two came for one revision', async () => {
    const first = saying('reject', { reviewer: 'Bob' });
    const { end } = await worked(saying('approve'), reviewOf('approved'), first);
    expect(end).toMatchObject({ kind: 'finish', status: 'rejected' });
  });

  it('that names nobody, or nothing that can be decided, is no message', () => {
    const keep = async (_: object, each: Decision) => each;
    const stage = verdictsStage({ topics, store: new FakeWorkStore<Decision>(), lanes, keep });
    const record = (decision: object) =>
      recordWith({ ...story, revision: 0, review: reviewOf('approved'), decision });
    for (const spoilt of [{ reviewer: ' ' }, { reviewer: 'a\nb' }, { verdict: 'maybe' }, { judge: 'revise' }])
      expect(() => stage.decode(record({ ...saying('approve'), ...spoilt }))).toThrow('Not a message');
  });
});
