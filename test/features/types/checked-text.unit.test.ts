import { expect, it } from 'vitest';
import { checkedByCode } from '../../../src/features/types/checked-text.ts';

it('patterns are told with their places, though no schema that is asked for has them, and checks beside them', () => {
  const text = { type: 'string' };
  const candidate = {
    type: 'object',
    properties: {
      front: { ...text, pattern: '\\?$' },
      tags: { type: 'array', items: { ...text, pattern: '^[a-z]+$' } },
      back: { anyOf: [{ ...text, pattern: '^A' }] },
    },
  };
  const verify = [
    { use: 'no-pattern', field: '/back', pattern: 'TODO' },
    { use: 'length', field: '/back', words: '2..60', characters: '..400' },
  ];
  expect(checkedByCode({ definition: { candidate, verify } })).toEqual([
    [
      'Checked by code in each answer (a simulated model makes up no text to fit):',
      '  /front: pattern \\?$',
      '  /tags/*: pattern ^[a-z]+$',
      '  /back: pattern ^A',
      '  /back: no-pattern TODO',
      '  /back: length 2..60 words, ..400 characters',
    ].join('\n'),
  ]);
});

it('nothing is told of a type that has neither', () => {
  expect(checkedByCode({ definition: { candidate: { type: 'object', properties: {} } } })).toEqual([]);
  expect(checkedByCode({ definition: undefined })).toEqual([]);
});
