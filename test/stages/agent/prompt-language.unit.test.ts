import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { recipesOf } from '../../../src/infra/config/recipes.ts';
import {
  inLanguage,
  languageCode,
  languageName,
  writtenIn,
} from '../../../src/stages/agent/prompt-language.ts';
import { recipeMark } from '../../../src/stages/lanes/recipe.ts';
import { agentStages } from '../../../src/stages/stage-names.ts';

const of = (settings: Readonly<Record<string, unknown>>, userTurn: 'verbatim' | 'rephrase' = 'verbatim') =>
  recipesOf(parseSettings(settings), { mode: 'memory', userTurn });

describe('the language that is written', () => {
  it('is that of each question, unless the settings name one', async () => {
    const { research, generation, review } = await of({});
    expect(research.prompt.system).toContain('sure of, in the language of the question.');
    expect(generation.prompt.system).toContain('You write in the language of the question, unless it asks');
    expect(review.prompt.system).toContain('reasons and feedback in the language of the question.');
  });

  it('is named to every agent where the settings name one', async () => {
    const { research, generation, review } = await of({ language: 'de' });
    expect(research.prompt.system).toContain('sure of, in German.');
    expect(generation.prompt.system).toContain('You write in German, whatever language the question is in.');
    expect(review.prompt.system).toContain('An answer in another language is a flaw');
    expect(JSON.stringify([research, generation, review])).not.toContain('{{language}}');
  });

  it('is a matter of the recipe: each worker of the lane writes in it, and another one makes other results', async () => {
    const [usual, german] = [await of({}), await of({ language: 'de' })];
    for (const stage of agentStages()) expect(recipeMark(german, stage)).not.toBe(recipeMark(usual, stage));
  });

  it('is told to the writer of a lane of 0.1.0 too, whose prompts name no language', async () => {
    const { generation } = await of({ language: 'French' }, 'rephrase');
    expect(generation.prompt.system).toMatch(/\n\nWrite in French, whatever language the question is in\.$/);
  });

  it('is {{language}} in prompts of one’s own, and not said twice then', () => {
    const prompt = { system: 'Say it in {{ language }}.', user: '{{#language}}Really.{{/language}}' };
    expect(writtenIn(prompt, 'German')).toEqual({ system: 'Say it in German.', user: 'Really.' });
    expect(inLanguage(prompt, undefined)).toEqual({
      system: 'Say it in the language of the question.',
      user: '',
    });
  });

  it.each([
    ['de', 'German', 'de'],
    ['pt-BR', 'Brazilian Portuguese', 'pt'],
    ['gsw', 'Swiss German', 'gsw'],
    ['Plattdeutsch', 'Plattdeutsch', undefined],
  ])('may be said as %s, which is %s, and stands on the card as %s', (said, name, code) => {
    expect(languageName(said)).toBe(name);
    expect(languageCode(said)).toBe(code);
  });

  it('is refused where it is no name', () => {
    expect(() => parseSettings({ language: 'x' })).toThrow(/language/);
    expect(() => parseSettings({ language: 'de}} {{question' })).toThrow(/language/);
  });
});
