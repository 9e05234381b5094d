import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askModel } from '../../../src/stages/agent/agent.ts';
import { ExtraBodies, laneText } from '../../../src/stages/lanes/extra-bodies.ts';
import { laneSchema } from '../../../src/stages/lanes/lane.ts';
import { LaneCache } from '../../../src/stages/lanes/lane-cache.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import { type ReplayRequest, storedPlanText } from '../../../src/stages/store/replay-plan.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { firstAttempt, laneOf, recipes } from '../../support/stage/stage-fixtures.ts';

const extraBody = { api_key: 'planted', top_k: 20 };
const settings = { model: 'fake', extraBody };
const lane = laneOf({ recipes: { ...recipes({ settings }), research: { ...recipes().research, settings } } });
const stored = () => laneSchema.parse(JSON.parse(laneText(lane)));

describe('a lane whose agents send an extra body', () => {
  it('is stored without it', () => {
    expect(laneText(lane)).not.toMatch(/planted|top_k/);
  });

  it('is stored without it in the plan of a replay too', () => {
    const about = { topic: '', subTopic: '', status: [], changes: {} };
    const request: ReplayRequest = {
      mode: 'reprocess',
      stage: 'review',
      source: lane.name,
      from: 'beginning',
      to: 'end',
      ...about,
    };
    const pinned = { group: 'g', begin: new Map(), end: new Map(), startedAt: lane.createdAt };
    const text = storedPlanText({ name: lane.name, wish: request, lane, ...pinned });
    expect(text).not.toMatch(/planted|top_k/);
    expect(JSON.parse(text).lane).toEqual(JSON.parse(laneText(lane)));
  });

  it('has its recipes under the names that they had when lanes held it', () => {
    expect(recipeHash(stored().recipes.research)).toBe(recipeHash(lane.recipes.research));
    expect(recipeHash(stored().recipes.review)).toBe(recipeHash(lane.recipes.review));
    expect(recipeHash(lane.recipes.research)).not.toBe(recipeHash(recipes().research));
  });

  it('is whole again where the settings hold it, in whatever order', () => {
    const same = { top_k: 20, api_key: 'planted' };
    expect(new ExtraBodies([{ other: 1 }, undefined, same]).restored(stored())).toEqual(lane);
  });

  it('may be stored again by a process that does not know it', () => {
    const again = laneSchema.parse(JSON.parse(laneText(new ExtraBodies([{ other: 1 }]).restored(stored()))));
    expect(again).toEqual(stored());
  });

  it('opens as 0.1.0 left it, with its extra body', () => {
    const old = laneSchema.parse(JSON.parse(JSON.stringify(lane)));
    expect(new ExtraBodies().restored(old)).toEqual(lane);
  });
});

describe('an agent of such a lane', () => {
  const book = { get: async () => stored(), open: async () => stored(), put: async () => undefined };
  const ask = async (bodies: ExtraBodies) => {
    const model = new FakeModel({ text: '{"a": 1}' });
    const recipe = (await new LaneCache(book, bodies).get(lane.name)).recipes.research;
    const asked = {
      stage: 'research',
      recipe,
      values: {},
      answerName: 'a',
      answer: z.object({ a: z.number() }),
    };
    await askModel(model, asked, firstAttempt);
    return model.requests[0]?.settings;
  };

  it('sends the extra body of the settings', async () => {
    expect(await ask(new ExtraBodies([extraBody]))).toEqual(settings);
  });

  it('asks nobody without it, and says what to set, and what to do where it has changed for good', async () => {
    const failure = await failureOf(() => ask(new ExtraBodies([{ another: true }])));
    expect([failure.kind, failure.code]).toEqual(['fatal', 'no_extra_body']);
    expect(failure.message).toContain('MILLRACE_EXTRA_BODY');
    expect(failure.message).toContain('--new-recipe');
  });
});
