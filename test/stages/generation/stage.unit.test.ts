import { describe, expect, it } from 'vitest';
import { generationStage } from '../../../src/stages/generation/stage.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import { decodeMessage, reviewMessage } from '../../../src/stages/message.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { sft } from '../../../src/stages/training-types/sft.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  candidate,
  earlier,
  firstAttempt,
  laneOf,
  lanesOf,
  nextRecord,
  questionOf,
  recipes,
  recordWith,
  research,
  reviewOf,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { finished } from '../../support/stage/work.ts';

const base = { v: 1, question: questionOf(), research, provenance: [earlier] };
const good = { text: JSON.stringify(candidate) };

function stageWith(model: FakeModel, lane = laneOf()) {
  return generationStage({ topics, store: new FakeWorkStore(), model, lanes: lanesOf(lane) });
}

describe('the generation stage', () => {
  it('asks for a candidate of its training type, resting on the research', async () => {
    const model = new FakeModel(good);
    const stage = stageWith(model);
    const done = await stage.run(stage.decode(recordWith(base)), firstAttempt);
    expect(done.result).toEqual(candidate);
    expect(model.lastText).toContain('Rayleigh scattering.');
    expect(model.lastText).toContain(sft.rephrased?.instructions);
    expect(model.lastText).not.toContain('sent back');
  });

  it("asks for the answer alone where the lane takes the question as the user's message", async () => {
    const model = new FakeModel({ text: '{"answer":"Because air scatters it."}' });
    const types = { sft: { userTurn: 'verbatim' as const, instructions: 'Answer.' } };
    const stage = stageWith(model, laneOf({ recipes: { ...recipes(), types } }));
    const done = await stage.run(stage.decode(recordWith(base)), firstAttempt);
    expect(done.result).toEqual({ answer: 'Because air scatters it.' });
    expect(model.lastText).toContain('Answer.');
    expect(done.recipe).not.toBe(recipeHash(recipes().generation));
  });

  it('writes by the instructions of the lane where it has some', async () => {
    const model = new FakeModel(good);
    const own = recipes();
    const generation = { ...own.generation, instructions: { sft: 'Rhyme.' } };
    const stage = stageWith(model, laneOf({ recipes: { ...own, generation } }));
    await stage.run(stage.decode(recordWith(base)), firstAttempt);
    expect(model.lastText).toContain('Rhyme.');
    expect(model.lastText).not.toContain(sft.rephrased?.instructions);
  });

  it('shows a rejected candidate and all reasons', async () => {
    const model = new FakeModel(good);
    const stage = stageWith(model);
    const rejection = { candidate: { prompt: 'Old?', answer: 'Old.' }, review: reviewOf('revise') };
    await stage.run(stage.decode(recordWith({ ...base, revision: 1, rejection })), firstAttempt);
    for (const part of ['sent back', '"Old."', 'Say why.', 'correctness 3/10: because', 'clarity 9/10'])
      expect(model.lastText).toContain(part);
  });

  it('takes a question of a type that nobody knows for poison: one record must not stop the rest', async () => {
    const stage = stageWith(new FakeModel(good));
    const message = stage.decode(recordWith({ ...base, question: questionOf({ trainingType: 'haiku' }) }));
    const poison = { kind: 'poison', code: 'unknown_training_type' };
    await expect(stage.run(message, firstAttempt)).rejects.toMatchObject(poison);
  });

  it('sends the candidate to review with all it takes to judge it', () => {
    const stage = stageWith(new FakeModel(good));
    const message = stage.decode(recordWith({ ...base, revision: 1, drive: 3 }));
    const decision = stage.decide(message, finished<unknown>(candidate));
    expect(decision).toMatchObject({ kind: 'emit', status: 'generated', topic: 'millrace.review' });
    const record = nextRecord(decision);
    expect(record.key).toBe(questionIdOf(questionOf()));
    expect(decodeMessage(reviewMessage, record)).toMatchObject({
      lane: 'main',
      revision: 1,
      drive: 3,
      question: questionOf(),
      research,
      candidate,
      provenance: [{ stage: 'research' }, { stage: 'generation', revision: 1 }],
    });
  });
});
