import { describe, expect, it } from 'vitest';
import { inLaneOrder } from '../../../src/stages/added/in-lane-order.ts';
import { addedStage } from '../../../src/stages/added/stage.ts';
import { generationStage } from '../../../src/stages/generation/stage.ts';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import type { LaneStage } from '../../../src/stages/lanes/recipe.ts';
import { reviewStage } from '../../../src/stages/review/stage.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { factCheck } from '../../support/stage/fact-check.ts';
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

const row: LaneStage = {
  ...{ name: 'fact-check', after: 'generation', status: 'checked' },
  plugin: { name: '@me/checking', version: '1.0.0' },
  ...{
    settings: { model: 'fake' },
    prompt: { system: 'Check.', user: '<candidate>{{candidate}}</candidate>' },
  },
};
const withCheck = laneOf({ recipes: { ...recipes(), stages: [row] } });
const finished = <Result>(result: Result) => ({
  ...{ result, model: 'fake', recipe: 'r', usage: earlier.usage, costUsd: 0, attempts: [] },
});
const written = { v: 1, lane: 'main', question: questionOf(), research, provenance: [earlier] };
const judged = { ...written, candidate, added: { 'fact-check': { wrong: [] } } };

async function partsIn(lane: Lane) {
  const lanes = lanesOf(lane);
  await lanes.get(lane.name);
  const way = { lanes, namespace: 'millrace' };
  const model = new FakeModel({ text: '{"wrong":[],"score":9}' });
  return {
    model,
    writer: inLaneOrder(generationStage({ topics, store: new FakeWorkStore(), model, lanes }), way),
    judge: inLaneOrder(reviewStage({ topics, store: new FakeWorkStore(), model, lanes }), way),
    check: addedStage(factCheck, {
      ...{ namespace: 'millrace', store: new FakeWorkStore(), model, lanes, before: 'review' },
    }),
  };
}

describe('where a record goes in a lane with a stage of a plugin', () => {
  it('is to that stage first, as a record that older workers leave alone', async () => {
    const { writer } = await partsIn(withCheck);
    const message = writer.decode(recordWith(written));
    const decided = writer.decide(message, finished(candidate));
    expect(decided).toMatchObject({ kind: 'emit', status: 'generated', topic: 'millrace.fact-check' });
    expect(JSON.parse(String(nextRecord(decided).value)).v).toBe(4);
  });

  it('is as ever in a lane that was opened before the stage existed', async () => {
    const { writer } = await partsIn(laneOf());
    const decided = writer.decide(writer.decode(recordWith(written)), finished(candidate));
    expect(decided).toMatchObject({ topic: 'millrace.review' });
    expect(JSON.parse(String(nextRecord(decided).value))).toMatchObject({ v: 1 });
  });

  it('is back to generation without what was said of the candidate that is sent back', async () => {
    const { judge } = await partsIn(withCheck);
    const message = judge.decode(recordWith(judged));
    const back = judge.decide(message, finished(reviewOf('revise')));
    expect(back).toMatchObject({ topic: 'millrace.generation' });
    const on = judge.decide(message, finished(reviewOf('approved')));
    expect(JSON.parse(String(nextRecord(on).value)).added).toEqual({ 'fact-check': { wrong: [] } });
  });
});

describe('a stage of a plugin', () => {
  it('asks by the prompt that its lane holds, with tags around what strangers wrote', async () => {
    const { check, model } = await partsIn(withCheck);
    const message = check.decode(recordWith({ ...written, candidate }));
    await expect(check.free?.(message)).resolves.toBeUndefined();
    const done = await check.run(message, firstAttempt);
    expect(done.result).toEqual({ wrong: [], score: 9 });
    expect(model.lastText).toMatch(/<candidate-[0-9a-f]{8}>[\s\S]*Air scatters blue light/);
  });

  it('hands on, at no call, what waited for it when its lane gave it up', async () => {
    const { check } = await partsIn(laneOf());
    const message = check.decode(recordWith({ ...written, candidate }));
    const passed = await check.free?.(message);
    expect(passed).toEqual({ result: null, model: '' });
    const decided = check.decide(message, finished(passed?.result));
    expect(decided).toMatchObject({ kind: 'emit', topic: 'millrace.review' });
    const next = JSON.parse(String(nextRecord(decided).value));
    expect(next).toMatchObject({ candidate, provenance: [earlier] });
    expect(next).not.toHaveProperty('added');
  });
});
