import { expect, it } from 'vitest';
import { adviceFor } from '../../../src/features/redrive/advice.ts';

const letter = { kind: 'content', code: 'schema_mismatch', life: { kind: 'open' } } as const;

it('an answer of another shape asks for a stronger model, unless the simulated one wrote it', () => {
  expect(adviceFor(letter)).toContain('Try a stronger model');
  expect(adviceFor(letter, true)).toContain('The simulated model makes up no text by a pattern');
  expect(adviceFor(letter, true)).not.toContain('redrive');
  expect(adviceFor({ ...letter, code: 'refused' }, true)).toBe(adviceFor({ ...letter, code: 'refused' }));
});
