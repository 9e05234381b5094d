import { describe, expect, it } from 'vitest';
import { changedRecipes, namedChanges } from '../../../src/features/replay/recipe-changes.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

describe('the recipes of a replay', () => {
  it('are those of the source where nothing is asked for', () => {
    expect(changedRecipes(recipes(), {})).toEqual(recipes());
    expect(namedChanges({})).toEqual({});
  });

  it('take another model for the agents that are named, and leave the others', () => {
    const changed = changedRecipes(recipes(), { models: { review: 'strict' } });
    expect(changed.review.settings.model).toBe('strict');
    expect(recipeHash(changed.generation)).toBe(recipeHash(recipes().generation));
  });

  it('take what else is asked for, and name it', () => {
    const changes = { temperature: 0, maxOutputTokens: 9, minScore: 9, maxRevisions: 0 };
    const changed = changedRecipes(recipes(), changes);
    expect(changed.research.settings).toMatchObject({ temperature: 0, maxOutputTokens: 9 });
    expect(changed.review).toMatchObject({ minScore: 9, maxRevisions: 0 });
    expect(namedChanges(changes)).toEqual({
      temperature: '0',
      maxOutputTokens: '9',
      minScore: '9',
      maxRevisions: '0',
    });
  });

  it('take prompts as a whole, named by their content', () => {
    const prompt = { system: 'S', user: 'U' };
    const agents = { research: prompt, generation: prompt, review: prompt };
    const prompts = { agents, rubric: { truth: 'True.' }, instructions: { sft: 'Short.' } };
    const changed = changedRecipes(recipes(), { prompts: { rephrase: prompts, verbatim: prompts } });
    expect(changed).toMatchObject({
      generation: { prompt, instructions: { sft: 'Short.' } },
      review: { prompt, rubric: { truth: 'True.' } },
    });
    const entry = { userTurn: 'verbatim' as const, instructions: 'Long.' };
    const verbatim = { ...recipes(), types: { sft: entry, cards: entry } };
    expect(changedRecipes(verbatim, { prompts: { rephrase: prompts, verbatim: prompts } })).toMatchObject({
      types: { sft: { instructions: 'Short.' }, cards: entry },
    });
    const other = namedChanges({
      prompts: { rephrase: { ...prompts, rubric: { truth: 'Truer.' } }, verbatim: prompts },
    });
    expect(namedChanges({ prompts: { rephrase: prompts, verbatim: prompts } })['prompts']).toMatch(
      /^[0-9a-f]{12}$/,
    );
    expect(namedChanges({ prompts: { rephrase: prompts, verbatim: prompts } })).not.toEqual(other);
  });
});
