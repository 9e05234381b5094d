import { expect, it } from 'vitest';
import { z } from 'zod';
import { recipesOf } from '../../../src/infra/config/recipes.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { definePlugin } from '../../../src/infra/plugins/plugin.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import { defineTrainingType } from '../../../src/stages/training-types/training-type.ts';

const flashcard = defineTrainingType({
  name: 'flashcard',
  description: 'a card',
  candidate: z.object({ front: z.string() }),
  instructions: 'Write one flashcard.',
  present: ({ front }) => front,
  turns: ({ front }) => [{ user: front, assistant: front }],
});

it('a lane remembers which plugin, in which version, brings a type, and no recipe of others is renamed by it', async () => {
  const settings = settingsSchema.parse({ dryRun: true });
  const before = await recipesOf(settings);
  const cards = definePlugin({ name: '@me/cards', version: '1.0.0', trainingTypes: [flashcard] });
  const { undo } = registerPlugin(cards);
  const after = await recipesOf(settings).finally(undo);
  expect(before).not.toHaveProperty('plugins');
  expect(after.plugins).toEqual({ flashcard: { name: '@me/cards', version: '1.0.0' } });
  for (const stage of ['research', 'generation', 'review'] as const)
    expect(recipeHash(after[stage])).toBe(recipeHash(before[stage]));
});
