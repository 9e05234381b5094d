import { describe, expect, it } from 'vitest';
import { recipeHash, recipesSchema, rubricSchema } from '../../../src/stages/lanes/recipe.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

describe('the hash of a recipe', () => {
  const { research } = recipes();

  it('does not depend on the order in which its parts were written', () => {
    const { system, user } = research.prompt;
    expect(recipeHash({ prompt: { user, system }, settings: research.settings })).toBe(recipeHash(research));
  });

  it('does not depend on settings that are left out', () => {
    const settings = { ...research.settings, temperature: undefined };
    expect(recipeHash({ ...research, settings })).toBe(recipeHash(research));
  });

  it.each([
    ['prompt', { ...research, prompt: { ...research.prompt, system: 'Another.' } }],
    ['model', { ...research, settings: { model: 'another' } }],
    ['settings', { ...research, settings: { ...research.settings, seed: 1 } }],
    ['extra body', { ...research, settings: { ...research.settings, extraBody: { a: { b: 1 } } } }],
  ])('changes with the %s', (_, changed) => {
    expect(recipeHash(changed)).not.toBe(recipeHash(research));
  });

  it('of a review changes with its rubric and its threshold', () => {
    const { review } = recipes();
    const others = [recipes({ rubric: { clarity: 'Short.' } }), recipes({ minScore: 8 })];
    for (const other of others) expect(recipeHash(other.review)).not.toBe(recipeHash(review));
  });

  it('with an extra body is what 0.1.0 called it, so that nothing is paid for again', () => {
    const prompt = { system: 's', user: 'u' };
    const extraBody = { top_k: 20, api_key: 'k' };
    expect(recipeHash({ settings: { model: 'gpt-4o-mini', extraBody }, prompt })).toBe('ae8bf7bf9374');
  });

  it('survives being stored', () => {
    const stored = recipesSchema.parse(JSON.parse(JSON.stringify(recipes())));
    expect(recipeHash(stored.review)).toBe(recipeHash(recipes().review));
  });
});

describe('a rubric', () => {
  it.each(['1st', '_private', 'two words', ''])('has no criterion named "%s"', (name) => {
    expect(rubricSchema.safeParse({ [name]: 'What it means.' }).success).toBe(false);
  });

  it('says what each criterion means', () => {
    expect(rubricSchema.safeParse({ clarity: '' }).success).toBe(false);
    expect(rubricSchema.safeParse({ clarity: 'Readable.' }).success).toBe(true);
  });
});
