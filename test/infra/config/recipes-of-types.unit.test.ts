import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { recipesOf } from '../../../src/infra/config/recipes.ts';
import {
  generationRecipeFor,
  type Recipes,
  recipeHash,
  recipeMark,
  recipeNames,
  recipesByAgent,
  userTurnOf,
} from '../../../src/stages/lanes/recipe.ts';
import { agentStages } from '../../../src/stages/stage-names.ts';

const made = (userTurn: 'verbatim' | 'rephrase') =>
  recipesOf(parseSettings({}), { mode: 'memory', userTurn });
const withType = (recipes: Recipes, name: string, instructions: string): Recipes => ({
  ...recipes,
  types: { ...recipes.types, [name]: { userTurn: 'verbatim', instructions } },
});

describe('the recipes of lanes that began with 0.1.0', () => {
  it('have the names that they had then, so that nothing paid for looks outdated', async () => {
    const recipes = await made('rephrase');
    const names = recipesByAgent(recipes).map(([, recipe]) => recipeHash(recipe));
    expect(names).toEqual(['48e2a9c4ba51', '708db358f77d', 'b941ddeaa37c']);
    expect(agentStages().map((stage) => recipeMark(recipes, stage))).toEqual(names);
    expect(recipes).not.toHaveProperty('types');
    expect(userTurnOf(recipes)).toBe('rephrase');
  });
});

describe('the recipes of new lanes', () => {
  it("take the question as the user's message, for every type", async () => {
    const recipes = await made('verbatim');
    expect(userTurnOf(recipes)).toBe('verbatim');
    expect(Object.keys(recipes.types ?? {})).toEqual(
      expect.arrayContaining(['sft', 'reasoning', 'conversation', 'dpo']),
    );
    expect(recipes.generation.instructions).toEqual({});
  });

  it("name what is written by its type alone: a new type, or another's instructions, make no paid work look outdated", async () => {
    const recipes = await made('verbatim');
    const nameOf = (of: Recipes, type: string) => recipeHash(generationRecipeFor(of, type));
    const more = withType(recipes, 'flashcard', 'Write a card.');
    const changed = withType(more, 'sft', 'Shorter.');
    expect(nameOf(more, 'sft')).toBe(nameOf(recipes, 'sft'));
    expect(nameOf(changed, 'dpo')).toBe(nameOf(recipes, 'dpo'));
    expect(nameOf(changed, 'sft')).not.toBe(nameOf(recipes, 'sft'));
    expect(recipeNames(changed, 'generation')).toContain(nameOf(changed, 'flashcard'));
    expect(recipeMark(changed, 'generation')).not.toBe(recipeMark(more, 'generation'));
    expect(recipeMark(changed, 'review')).toBe(recipeMark(recipes, 'review'));
  });

  it('have the source before the question in every prompt, so that questions on one text share their beginning', async () => {
    const recipes = await made('verbatim');
    for (const [, { prompt }] of recipesByAgent(recipes)) {
      const { user } = prompt;
      expect(user.indexOf('{{source}}')).toBeGreaterThan(-1);
      expect(user.indexOf('{{source}}')).toBeLessThan(user.indexOf('{{question}}'));
    }
  });
});
