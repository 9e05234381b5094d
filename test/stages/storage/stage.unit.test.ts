import { describe, expect, it } from 'vitest';
import { exampleSchema, type Review } from '../../../src/stages/example.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { storageStage } from '../../../src/stages/storage/stage.ts';
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

async function decided(verdict: Review['verdict'], lane = laneOf()) {
  const stage = storageStage({ topics, store: new FakeWorkStore(), lanes: lanesOf(lane) });
  const review = reviewOf(verdict);
  const story = { question: questionOf(), research, candidate, review, provenance: [earlier] };
  const message = stage.decode(recordWith({ v: 1, revision: 1, ...story }));
  const { result } = await stage.run(message, firstAttempt);
  return { example: result, decision: stage.decide(message, finished(result)) };
}

describe('stage 5', () => {
  it('ends an approved question on the ledger, with everything that is known of it', async () => {
    const { example, decision } = await decided('approved');
    expect(decision).toMatchObject({ kind: 'finish', status: 'approved', topic: 'millrace.dataset' });
    const record = nextRecord(decision);
    expect(record.key).toBe(questionIdOf(questionOf()));
    const ledger = exampleSchema.parse(JSON.parse(String(record.value)));
    expect(ledger).toEqual(example);
    expect(ledger).toMatchObject({
      lane: 'main',
      questionId: questionIdOf(questionOf()),
      revision: 1,
      simulated: false,
      candidate,
      provenance: [earlier],
    });
  });

  it.each(['rejected', 'revise'] as const)(
    'ends a question with the verdict %s as rejected',
    async (verdict) => {
      const { decision } = await decided(verdict);
      expect(decision).toMatchObject({ kind: 'finish', status: 'rejected', records: [] });
    },
  );

  it('says of an example from a simulated lane that it is invented', async () => {
    const { example } = await decided('approved', laneOf({ simulated: true }));
    expect(example.simulated).toBe(true);
  });
});
