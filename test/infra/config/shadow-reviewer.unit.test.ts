import { beforeEach, describe, expect, it, vi } from 'vitest';
import { modelOf } from '../../../src/infra/config/model/open-model.ts';
import { recipesOf } from '../../../src/infra/config/recipes.ts';
import { type Settings, settingsSchema } from '../../../src/infra/config/settings.ts';
import { withFirstShadow, withReviewer } from '../../../src/infra/config/shadow-reviewer.ts';
import type { ShadowSettings } from '../../../src/infra/config/shadow-settings.ts';

const settingsOf = (given: object): Settings => settingsSchema.parse(given);

function shadowOf({ shadows }: Settings): ShadowSettings {
  const [shadow] = Object.values(shadows);
  if (shadow === undefined) throw new RangeError('no shadow is set');
  return shadow;
}

describe('the settings with a shadow judge as the reviewer', () => {
  beforeEach(() => {
    vi.stubEnv('OPENAI_API_KEY', 'k');
    vi.stubEnv('OPENAI_BASE_URL', '');
  });

  it('are its own where it has some, and else those of the reviewer', async () => {
    const settings = settingsOf({
      ...{ model: 'usual', minScore: 6, agents: { review: { model: 'judge', temperature: 1 } } },
      shadows: { strict: { model: 'better', minScore: 9 } },
    });
    const { review, research } = await recipesOf(withReviewer(settings, shadowOf(settings)));
    expect(review).toMatchObject({ minScore: 9, settings: { model: 'better', temperature: 1 } });
    expect(research.settings.model).toBe('usual');
  });

  it('hold nothing for a person, and have a budget of their own', async () => {
    const limited = { holdScores: '6..8', holdShare: 1, maxCost: 5, shadowMaxCost: 1 };
    const settings = settingsOf({ ...limited, shadows: { strict: {} } });
    const own = withReviewer(settings, shadowOf(settings));
    expect((await recipesOf(own)).review.hold).toBeUndefined();
    expect(own.maxCost).toBe(1);
  });

  it('are simulated where the reviewer is, whatever server the shadow names', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const settings = settingsOf({ shadows: { local: { baseUrl: 'http://localhost:1/v1' } } });
    expect(withReviewer(settings, shadowOf(settings)).dryRun).toBe(true);
  });

  it('name whom a process asks that works shadows alone: the live judge may have no server there', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const shared = { kafka: 'localhost:9092', mongo: 'mongodb://localhost' };
    const settings = settingsOf({ ...shared, shadows: { local: { baseUrl: 'http://localhost:1/v1' } } });
    await expect(modelOf(settings)).rejects.toMatchObject({ code: 'no_key' });
    await expect(modelOf(withFirstShadow(settings))).resolves.toMatchObject({ simulated: false });
    const none = settingsOf(shared);
    expect(withFirstShadow(none)).toBe(none);
  });
});
