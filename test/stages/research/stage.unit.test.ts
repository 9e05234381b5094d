import { describe, expect, it } from 'vitest';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import { decodeMessage, generationMessage } from '../../../src/stages/message.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { researchStage } from '../../../src/stages/research/stage.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  firstAttempt,
  laneOf,
  lanesOf,
  nextRecord,
  questionOf,
  recipes,
  recordWith,
  research,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { attempt, finished, laneName } from '../../support/stage/work.ts';

const good = { text: JSON.stringify(research) };

function stageWith(model: FakeModel, ...lanes: readonly Lane[]) {
  const known = lanes.length === 0 ? [laneOf()] : lanes;
  return researchStage({ topics, store: new FakeWorkStore(), model, lanes: lanesOf(...known) });
}

describe('the research stage', () => {
  it('asks its agent about the question and what it rests on', async () => {
    const model = new FakeModel(good);
    const stage = stageWith(model);
    const question = questionOf({ context: 'From a book.' });
    const done = await stage.run(stage.decode(recordWith({ v: 1, question })), firstAttempt);
    expect(done.result).toEqual(research);
    for (const part of ['Why is the sky blue?', 'From a book.', 'physics', 'optics', 'sft'])
      expect(model.lastText).toContain(part);
  });

  it('works by the recipe of the record, so that a lane keeps its own models and prompts', async () => {
    const model = new FakeModel(good);
    const own = recipes();
    const settings = { model: 'another' };
    const other = laneOf({
      name: laneName('other'),
      recipes: { ...own, research: { ...own.research, settings } },
    });
    const stage = stageWith(model, laneOf(), other);
    await stage.run(stage.decode(recordWith({ v: 1, lane: 'other', question: questionOf() })), firstAttempt);
    expect(model.requests[0]?.settings.model).toBe('another');
  });

  it('takes a record of a lane that nobody opened for poison', async () => {
    const stage = stageWith(new FakeModel(good));
    const message = stage.decode(recordWith({ v: 1, lane: 'lost', question: questionOf() }));
    await expect(stage.run(message, firstAttempt)).rejects.toMatchObject({ kind: 'poison' });
  });

  it('sends question, research and its story to generation', () => {
    const stage = stageWith(new FakeModel(good));
    const message = stage.decode(recordWith({ v: 1, drive: 2, question: questionOf() }));
    const attempts = [attempt(), attempt({ number: 2 })];
    const decision = stage.decide(message, finished(research, { attempts }));
    expect(decision).toMatchObject({ kind: 'emit', status: 'researched', topic: 'millrace.generation' });
    const record = nextRecord(decision);
    expect(record.key).toBe(questionIdOf(questionOf()));
    expect(decodeMessage(generationMessage, record)).toMatchObject({
      lane: 'main',
      revision: 0,
      drive: 2,
      question: questionOf(),
      research,
      provenance: [{ stage: 'research', revision: 0, model: 'fake', recipe: 'recipe', costUsd: 1, calls: 2 }],
    });
  });
});
