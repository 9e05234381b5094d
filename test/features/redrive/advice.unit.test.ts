import { expect, it } from 'vitest';
import { adviceFor } from '../../../src/features/redrive/advice.ts';

const letter = { kind: 'content', code: 'schema_mismatch', life: { kind: 'open' } } as const;

it('an answer of another shape asks for a stronger model, unless the simulated one wrote it', () => {
  expect(adviceFor(letter)).toContain('Try a stronger model');
  expect(adviceFor(letter, { simulated: true })).toContain(
    'The simulated model makes up no text by a pattern',
  );
  expect(adviceFor(letter, { simulated: true })).not.toContain('redrive');
  expect(adviceFor({ ...letter, code: 'refused' }, { simulated: true })).toBe(
    adviceFor({ ...letter, code: 'refused' }),
  );
});

it('the command that it names goes to the data that the letter is in', () => {
  const place = ' --data there --lane two';
  expect(adviceFor({ ...letter, code: 'truncated' }, { place })).toContain(
    'millrace redrive --data there --lane two --class truncated --max-output-tokens …',
  );
});

it('a question that the sources do not answer wants sources, and no other prompt', () => {
  const advice = adviceFor({ ...letter, code: 'no_evidence' });
  expect(advice).toContain('millrace sources add');
  expect(advice).toContain('--unanswerable keep');
});
