import { expect, it } from 'vitest';
import { withDistractors } from '../../../src/features/dataset/distractors.ts';
import { exampleOf, listOf, lookedUp, questionOf, research } from '../../../src/testing/store/fixtures.ts';
import { pieceOf } from '../../support/pieces.ts';

it('distractors are what else the question finds: no chunk that is cited, and none that holds a quote', async () => {
  const asked: unknown[] = [];
  const pieces = ['c', 'd', 'e', 'f', 'g'].map((contentHash) =>
    pieceOf({
      contentHash,
      text: contentHash === 'd' ? 'Here a quote stands as well.' : `Text ${contentHash}.`,
    }),
  );
  const finder = {
    find: async (wanted: unknown) => {
      asked.push(wanted);
      return pieces;
    },
  };
  async function* rows() {
    yield { example: exampleOf(questionOf('Why?'), { research: lookedUp }) };
    yield { example: exampleOf(questionOf(), { research }) };
    yield { example: exampleOf(questionOf(), { research: lookedUp }), leftOut: 'so' };
  }
  const made = await listOf(withDistractors({ finder, count: 2 }, rows()));
  expect(made.map(({ distractors }) => distractors?.map(({ contentHash }) => contentHash))).toEqual([
    ['e', 'f'],
    undefined,
    undefined,
  ]);
  expect(asked).toEqual([{ text: 'Why?', limit: 3 }]);
});
