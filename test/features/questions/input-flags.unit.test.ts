import { expect, it } from 'vitest';
import { inputOptionsOf } from '../../../src/features/questions/input-flags.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';

it.each(['answer', 'pair'] as const)(
  '--reference answer beside --from %s is refused: answers are judged, or they are right',
  (from) => {
    expect(() => inputOptionsOf(parseSettings({}), { from, reference: 'answer' })).toThrow(
      `Either --from ${from} or --reference answer`,
    );
  },
);

it('--reference answer alone asks anew, as beside --from question', () => {
  const settings = parseSettings({});
  const asked = { from: 'question', reference: 'answer' };
  expect(inputOptionsOf(settings, { reference: 'answer' })).toMatchObject(asked);
  expect(inputOptionsOf(settings, { reference: 'answer', from: 'question' })).toMatchObject(asked);
});
