import { expect, it } from 'vitest';
import { toldOfReferences } from '../../../src/features/questions/other-references.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';

async function toldOf(...asked: readonly (readonly [text: string, reference?: string])[]) {
  async function* supply() {
    for (const [text, reference] of asked)
      yield { question: questionOf({ text, ...(reference === undefined ? {} : { reference }) }) };
  }
  const told: string[] = [];
  let count = 0;
  for await (const _ of toldOfReferences(supply(), (text) => told.push(text))) count += 1;
  return { told, count };
}

it('a question that comes again with another reference is counted and named: the first reference counts', async () => {
  expect(await toldOf(['A?', 'a'], ['B?', 'b'], ['a?', 'c'], ['A?', 'd'], ['B?', 'b'])).toEqual({
    count: 5,
    told: ['2 questions came again with another reference answer: the first one counts. One of them: a?'],
  });
});

it('nothing is told of the same reference again, or of a question without one', async () => {
  expect(await toldOf(['A?', 'a'], ['A?', 'a'], ['A?'], ['B?'])).toEqual({ count: 4, told: [] });
});
