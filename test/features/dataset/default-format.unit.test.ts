import { expect, it } from 'vitest';
import { defaultFormat } from '../../../src/features/dataset/default-format.ts';
import type { ExampleFilter } from '../../../src/stages/dataset/example-filter.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { typeFrom } from '../../../src/stages/training-types/data/from-definition.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';

/** The default for rows of these types, and how many of them were read for it. */
async function formatOf(types: readonly string[], filter: ExampleFilter = {}) {
  let read = 0;
  const reports = {
    async *dataset() {
      for (const type of types) {
        read += 1;
        yield { example: exampleOf(type), submission: undefined };
      }
    },
  };
  const format = await defaultFormat(reports, { lane: MAIN_LANE, verdict: 'approved' }, filter);
  return { format, read };
}

it.each<[readonly string[], string]>([
  [['reasoning', 'reasoning'], 'trl'],
  [['dpo'], 'dpo'],
  [['sft'], 'openai'],
  [['conversation'], 'openai'],
  [['reasoning', 'dpo'], 'openai'],
  [['dpo', 'sft'], 'openai'],
  [['of a plugin that is gone'], 'openai'],
  [[], 'openai'],
])('examples of %j are written as %s where nobody chose', async (types, expected) => {
  expect((await formatOf(types)).format).toBe(expected);
});

it('only what is meant counts', async () => {
  const types = ['sft', 'dpo', 'sft'];
  expect((await formatOf(types, { trainingType: 'dpo' })).format).toBe('dpo');
});

it('no row is read beyond the first that decides', async () => {
  expect((await formatOf(['sft', 'sft', 'sft'])).read).toBe(1);
  expect((await formatOf(['dpo', 'dpo', 'reasoning', 'dpo'])).read).toBe(3);
});

it('a type that is data names the format that holds its fields, its pair, or its turns', () => {
  const written = {
    name: 'card',
    candidate: { type: 'object', properties: { front: { type: 'string' } }, required: ['front'] },
    instructions: 'Write a card.',
  };
  const messages = [{ user: '{{question}}' }, { assistant: '{{front}}' }];
  const pair = { chosen: '{{front}}', rejected: 'No.' };
  const formats = [{}, { messages }, { pair }].map(
    (more) => typeFrom({ ...written, ...more }, 'here').format,
  );
  expect(formats).toEqual(['columns', undefined, 'dpo']);
});
