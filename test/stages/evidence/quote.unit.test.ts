import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/stages/evidence/fold.ts';
import { QuotablePieces } from '../../../src/stages/evidence/quote.ts';
import { OIL, pieceOf } from '../../support/pieces.ts';

const pieces = new QuotablePieces([
  pieceOf(),
  pieceOf({ id: 'E2', text: 'The impeller is replaced every 500 hours.' }),
]);

/** The source's own characters of a quote that stands. */
function standing(id: string, quote: string, of = pieces): string | undefined {
  const found = of.find(id, quote);
  return 'code' in found ? undefined : found.piece.text.slice(found.start, found.end);
}

describe('a quote', () => {
  it.each([
    ['letter by letter', 'below 1.2 bar the engine must be stopped at once'],
    ['in other letter case, over a line end', 'STOPPED AT ONCE. Change the oil'],
    ['in quotation marks', '“The oil pressure at idle is 1.8 bar”'],
    ['that leaves something out, by its longest part', 'The oil … below 1.2 bar the engine must be stopped'],
  ])('stands %s', (_how, quote) => {
    expect(standing('E1', quote)).toBeDefined();
  });

  it('is kept in the characters of its source, never in those of the model', () => {
    expect(standing('E1', 'the OIL pressure at Idle')).toBe('The oil pressure at idle');
  });

  it.each([
    ['with a word more', 'below 1.2 bar the engine must not be stopped at once'],
    ['with another number', 'below 1.3 bar the engine must be stopped at once'],
    ['put together of two places', 'The oil pressure at idle must be stopped at once'],
  ])('does not stand %s', (_how, quote) => {
    expect(pieces.find('E1', quote)).toEqual({ code: 'bad_quote', id: 'E1', quote, why: 'absent' });
  });

  it('that is too short proves nothing', () => {
    expect(pieces.find('E1', '1.8 bar')).toMatchObject({ code: 'bad_quote', why: 'short' });
  });

  it('under the id of another piece is given that of the only one that holds it', () => {
    expect(pieces.find('E1', 'The impeller is replaced every 500 hours.')).toMatchObject({
      piece: { id: 'E2' },
    });
    expect(pieces.find('E9', 'The impeller is replaced every 500 hours.')).toMatchObject({
      piece: { id: 'E2' },
    });
  });

  it('under an unknown id, that stands in no piece or in two, is nobody’s', () => {
    const twice = new QuotablePieces([pieceOf(), pieceOf({ id: 'E2' })]);
    expect(pieces.find('E9', 'Nobody has ever written this.')).toEqual({ code: 'unknown_piece', id: 'E9' });
    expect(twice.find('E9', 'Change the oil every 200 hours.')).toEqual({ code: 'unknown_piece', id: 'E9' });
  });

  it('stands whichever run of the text it is, and what is stored folds to it', () => {
    const place = fc.tuple(fc.nat(OIL.length), fc.nat(OIL.length));
    fc.assert(
      fc.property(place, ([one, other]) => {
        const quote = OIL.slice(Math.min(one, other), Math.max(one, other));
        const wanted = fold(quote).text;
        fc.pre(wanted.length >= 12 && !/["]|\.{3}/.test(wanted));
        expect(fold(standing('E1', quote) ?? '').text).toBe(wanted);
      }),
    );
  });

  it('with one letter changed never stands', () => {
    fc.assert(
      fc.property(fc.nat(OIL.length - 31), fc.nat(29), (start, at) => {
        const run = OIL.slice(start, start + 30);
        const quote = `${run.slice(0, at)}ж${run.slice(at + 1)}`;
        expect(standing('E1', quote)).toBeUndefined();
      }),
    );
  });
});
