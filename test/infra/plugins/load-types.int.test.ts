import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { registerTypes } from '../../../src/infra/plugins/load-types.ts';
import { trainingTypes } from '../../../src/stages/training-types/index.ts';
import { tempDir } from '../../support/temp-dir.ts';

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

it('types without a file are refused, or said to who makes nothing by them', async () => {
  const none = join(await tempDir(), 'types/*.yaml');
  await expect(registerTypes([none])).rejects.toMatchObject({ code: 'bad_type' });
  const told: string[] = [];
  const names = [...trainingTypes.keys()];
  await registerTypes([none], (text) => told.push(text));
  expect(told).toEqual([`types: there is no file ${none}. Expected a path such as types/*.yaml.`]);
  expect([...trainingTypes.keys()]).toEqual(names);
});

it('two types of one name that say different things are refused with both places; the same one twice is one', async () => {
  const folder = await tempDir();
  const file = async (name: string, instructions: string) => {
    const path = join(folder, name);
    await writeFile(path, JSON.stringify(typed('doubled', instructions)));
    return path;
  };
  const [one, same, other] = await Promise.all([
    file('a.json', 'Write.'),
    file('b.json', 'Write.'),
    file('c.json', 'Write better.'),
  ]);
  await expect(registerTypes([one, other])).rejects.toMatchObject({
    code: 'bad_type',
    message: `${one} and ${other} are both named doubled. Give one of them another name.`,
  });
  expect(trainingTypes.has('doubled')).toBe(false);
  await registerTypes([one, same]);
  expect(trainingTypes.get('doubled')?.instructions).toBe('Write.');
});
