import { expect, it } from 'vitest';
import { registerTypes } from '../../../src/infra/plugins/load-types.ts';
import { trainingTypes } from '../../../src/stages/training-types/index.ts';

const typed = (name: string, instructions = 'Write.') => ({
  ...{ name, instructions },
  candidate: { type: 'object', properties: { front: { type: 'string' } }, required: ['front'] },
});

it('types that are data are registered all or none: what stood before stands again', async () => {
  await registerTypes([typed('standing')]);
  const names = [...trainingTypes.keys()];
  const wrong = [typed('standing', 'Write better.'), typed('fresh'), typed('sft')];
  await expect(registerTypes(wrong)).rejects.toMatchObject({ code: 'bad_type' });
  expect([...trainingTypes.keys()]).toEqual(names);
  expect(trainingTypes.get('standing')?.instructions).toBe('Write.');

  await registerTypes([typed('standing', 'Write better.'), typed('fresh')]);
  expect(trainingTypes.get('standing')?.instructions).toBe('Write better.');
  expect(trainingTypes.has('fresh')).toBe(true);
});
