import { expect, it } from 'vitest';
import { adviceFor } from '../../../src/features/redrive/advice.ts';

const deadLetter = { kind: 'content', code: 'schema_mismatch', life: { kind: 'open' } } as const;

it('an answer of another shape asks for a stronger model, unless the simulated one wrote it', () => {
  expect(adviceFor(deadLetter)).toContain('Try a stronger model');
  expect(adviceFor(deadLetter, { simulated: true })).toContain(
    'The simulated model makes up no text by a pattern',
  );
  expect(adviceFor(deadLetter, { simulated: true })).not.toContain('redrive');
  expect(adviceFor({ ...deadLetter, code: 'refused' }, { simulated: true })).toBe(
    adviceFor({ ...deadLetter, code: 'refused' }),
  );
});

it('the command that it names goes to the data that the dead letter is in', () => {
  for (const place of [' --data there --lane two', " --data '$&' --lane two"])
    expect(adviceFor({ ...deadLetter, code: 'truncated' }, { place })).toContain(
      `millrace redrive${place} --class truncated --max-output-tokens …`,
    );
});

it('a question that the sources do not answer wants sources, and no other prompt', () => {
  expect(adviceFor({ ...deadLetter, code: 'no_evidence' })).toBe(
    'Once what answers it is added: millrace redrive --class no_evidence',
  );
});
