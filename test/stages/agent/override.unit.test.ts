import { describe, expect, it } from 'vitest';
import { overridden, overrideSchema } from '../../../src/stages/agent/override.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

describe('an override', () => {
  it('changes model and limit of a recipe and nothing else', () => {
    const { review } = recipes();
    const changed = overridden(review, { model: 'better', maxOutputTokens: 10 });
    expect(changed).toEqual({
      ...review,
      settings: { ...review.settings, model: 'better', maxOutputTokens: 10 },
    });
  });

  it('is the lane’s recipe itself where it says nothing of it', () => {
    const { research } = recipes();
    expect(overridden(research, undefined)).toBe(research);
    expect(overridden(research, { maxAttempts: 3 })).toBe(research);
  });

  it.each([
    { model: '' },
    { maxOutputTokens: 0 },
    { maxAttempts: 0 },
    { maxAttempts: 1.5 },
    { maxAttempts: 101 },
  ])('%j is refused', (written) => {
    expect(overrideSchema.safeParse(written).success).toBe(false);
  });
});
