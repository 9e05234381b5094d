import { expect, it } from 'vitest';
import type { FoundPiece } from '../../../src/stages/evidence/finder.ts';
import { piecesFor } from '../../../src/stages/evidence/shown.ts';
import { questionOf } from '../../../src/testing/store/fixtures.ts';
import { pieceOf } from '../../support/pieces.ts';

it('a text that the question brings is not shown a second time as what was found', async () => {
  const found = (text: string): FoundPiece => {
    const { id: _, ...piece } = pieceOf({ text });
    return piece;
  };
  const finder = { find: async () => [found('The oil pressure is 1.8 bar.'), found('Another text.')] };
  const question = { ...questionOf(), context: 'It is known: The oil pressure is 1.8 bar. And more.' };
  const pieces = await piecesFor(question, { piecesInFront: 8 }, finder);
  expect(pieces.map(({ id, kind, text }) => [id, kind, text.slice(0, 12)])).toEqual([
    ['E0', 'context', 'It is known:'],
    ['E1', 'document', 'Another text'],
  ]);
});
