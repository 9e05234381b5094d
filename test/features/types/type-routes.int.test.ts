import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typesRoute } from '../../../src/features/types/http/type-routes.ts';
import { registerTypes } from '../../../src/infra/plugins/load-types.ts';
import { served } from '../../support/http/served.ts';
import { tempDir } from '../../support/temp-dir.ts';

it('types are told over HTTP with what is written and what a row holds, and the file of one is not', async () => {
  const root = await tempDir();
  const file = join(root, 'route-card.yaml');
  const definition = {
    ...{ name: 'route-card', instructions: 'Write one card.' },
    candidate: {
      type: 'object',
      properties: { front: { type: 'string' }, back: { type: 'string' } },
      required: ['front', 'back'],
    },
    columns: { Front: '/front', score: '$score' },
  };
  await writeFile(file, JSON.stringify(definition));
  await registerTypes([file]);
  const { address } = await served({ routes: [typesRoute] });

  const response = await fetch(`${address}/v1/types`);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(text).not.toContain('route-card.yaml');
  const { types } = JSON.parse(text);
  expect(types[0]).toMatchObject({
    ...{ name: 'sft', from: 'millrace', format: 'openai' },
    columns: ['id', 'question', 'answer', 'topic', 'score'],
    candidate: { properties: { answer: { type: 'string' } } },
  });
  expect(types.find(({ name }: { name: string }) => name === 'dpo')).toMatchObject({ format: 'dpo' });
  expect(types.at(-1)).toMatchObject({
    ...{ name: 'route-card', from: 'types', description: '' },
    ...{ format: 'columns', columns: ['Front', 'score'] },
    candidate: { required: ['front', 'back'], additionalProperties: false },
  });
});
