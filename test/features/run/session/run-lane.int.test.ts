import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { laneForRun } from '../../../../src/features/run/session/run-lane.ts';
import type { Engine } from '../../../../src/infra/engines/engine.ts';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import { type Recipes, recipeHash } from '../../../../src/stages/lanes/recipe.ts';
import { heldWork } from '../../../../src/streams/work/leases.ts';
import { recipes, research } from '../../../support/stage/stage-fixtures.ts';
import { finished, questionId, workKey } from '../../../support/stage/work.ts';

let directory: string;
let engine: Engine;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-lane-'));
  engine = await openEmbedded({ data: directory, namespace: 'test', mode: 'consume' });
});
afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const lane = (wanted: Partial<Parameters<typeof laneForRun>[1]> = {}) =>
  laneForRun(engine.store, { recipes: recipes(), simulated: false, redo: undefined, ...wanted });

const another: Recipes = {
  ...recipes(),
  research: { ...recipes().research, settings: { model: 'another' } },
};

/** Stores a research result that was made by a recipe. */
async function researched(question: string, made: Recipes): Promise<void> {
  const key = workKey({ questionId: questionId(question) });
  const claim = await engine.store.research.claim(key);
  if (claim.kind !== 'claimed') expect.unreachable('the work was claimed before');
  else {
    const result = finished(research, { recipe: recipeHash(made.research) });
    await engine.store.research.complete(heldWork(key, claim.token), result);
  }
}

describe('the lane of a run', () => {
  it('is main, with the recipes of today', async () => {
    await lane();
    const { lane: again } = await lane({ recipes: another });
    expect(again).toMatchObject({ name: 'main', recipes: another });
    expect(again.parent).toBeUndefined();
    await expect(engine.store.lanes.get(MAIN_LANE)).resolves.toEqual(again);
  });

  it('keeps the definition of a type that has changed, and of one that is gone, for the examples made by it', async () => {
    const typed = (field: string): Recipes => {
      const candidate = { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] };
      const definition = { name: 'card', instructions: 'Write.', candidate };
      const card = { userTurn: 'verbatim' as const, instructions: 'Write.', definition };
      return { ...recipes(), types: { card } };
    };
    const [first, second] = [typed('front'), typed('question')].map(
      ({ types }) => types?.['card']?.definition,
    );
    await lane({ recipes: typed('front') });
    expect((await lane({ recipes: typed('question') })).lane.formerTypes).toEqual([first]);
    await lane();
    const stored = await engine.store.lanes.get(MAIN_LANE);
    expect(stored?.recipes.types).toEqual(recipes().types);
    expect(stored?.formerTypes).toEqual([second, first]);
  });

  it('says that another recipe counts for new questions', async () => {
    await lane();
    const { differing } = await lane({ recipes: another });
    expect(differing).toEqual({ stages: ['research'], counts: 'of this process' });
    const { differing: none } = await lane({ recipes: another });
    expect(none).toBeUndefined();
  });

  it('keeps what older recipes made, and counts it', async () => {
    await lane();
    await researched('q1', recipes());
    await researched('q2', another);
    const { old } = await lane({ recipes: another });
    expect([...old]).toEqual([['research', 1]]);
  });

  it('stays simulated or real, as it was opened', async () => {
    await lane({ simulated: true });
    const { lane: again } = await lane({ simulated: false });
    expect(again.simulated).toBe(true);
  });
});

describe('the lane that several processes work', () => {
  const shared = (wanted: Partial<Parameters<typeof laneForRun>[1]> = {}) =>
    lane({ shared: true, ...wanted });

  it('keeps the recipe of whoever opened it, and who starts with another one is told', async () => {
    await shared();
    const { lane: main, differing } = await shared({ recipes: another });
    expect(main.recipes).toEqual(recipes());
    expect(differing).toEqual({ stages: ['research'], counts: 'of the lane' });
    await expect(engine.store.lanes.get(MAIN_LANE)).resolves.toMatchObject({ recipes: recipes() });
  });

  it('takes a new recipe from whoever says so', async () => {
    await shared();
    const { lane: main } = await shared({ recipes: another, newRecipe: true });
    expect(main.recipes).toEqual(another);
    const { differing } = await shared();
    expect(differing?.counts).toBe('of the lane');
    await expect(engine.store.lanes.get(MAIN_LANE)).resolves.toMatchObject({ recipes: another });
  });

  it('has one recipe where two open it at once', async () => {
    const [one, two] = await Promise.all([shared(), shared({ recipes: another })]);
    expect(one.lane.recipes).toEqual(two.lane.recipes);
  });
});

describe('the lane of a redo', () => {
  it('needs something to redo', async () => {
    const failure = { kind: 'fatal', code: 'nothing_to_redo' };
    await expect(lane({ redo: 'review' })).rejects.toMatchObject(failure);
  });

  it('stands beside main, and leaves the recipes of main alone', async () => {
    await lane();
    const { lane: redo, old } = await lane({ redo: 'review', recipes: another });
    expect(redo).toMatchObject({ parent: 'main', recipes: another });
    expect(redo.name).toMatch(/^redo-review-[0-9a-f]{12}$/);
    expect(old.size).toBe(0);
    expect((await engine.store.lanes.get(MAIN_LANE))?.recipes).toEqual(recipes());
  });

  it('is the same one for the same command, and another for other recipes or another agent', async () => {
    await lane();
    const names: string[] = [];
    for (const wanted of [
      { redo: 'review', recipes: another },
      { redo: 'review', recipes: another },
      { redo: 'review', recipes: recipes({ minScore: 9 }) },
      { redo: 'generation', recipes: another },
    ] as const)
      names.push((await lane(wanted)).lane.name);
    expect(names[0]).toBe(names[1]);
    expect(new Set(names).size).toBe(3);
  });
});
