import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/stages/evidence/fold.ts';

const folded = (text: string) => fold(text).text;
const anyText = () => fc.string({ unit: 'binary', maxLength: 200 });
/** Text of what makes folding hard. */
const hardText = () =>
  fc
    .array(
      fc.constantFrom(
        'a',
        'B',
        'é',
        'e\u0301',
        'ﬁ',
        '\u00ad',
        '-\n',
        '“',
        '…',
        '*',
        '_',
        ' ',
        '\n',
        '–',
        '漢',
        '😀',
        'Σ',
        'ς',
        '.',
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join(''));

describe('a folded text', () => {
  it.each([
    ['letter case and white space', 'The  Oil\n\tpressure', 'the oil pressure'],
    ['marks of Markdown', '**Stop** the _engine_ `now`', 'stop the engine now'],
    ['typographic signs', '“don’t” – wait…', '"don\'t" - wait...'],
    ['ligatures and wide letters', 'eﬃcient ＡＢＣ', 'efficient abc'],
    ['a word that a line end broke', 'lubri-\ncation', 'lubrication'],
    ['a hyphen before a capital is no broken word', 'Rolls-\nRoyce', 'rolls- royce'],
    ['soft hyphens and letters nobody sees', 'pres\u00adsure\u200b', 'pressure'],
    ['brackets as a prompt shows them', 'a ‹b› c', 'a <b> c'],
    ['accents written in one letter or in two', 'café', folded('cafe\u0301')],
  ])('forgets %s', (_what, text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it('keeps what makes a difference', () => {
    expect(folded('would not')).not.toBe(folded('would'));
    expect(folded('1.2 bar')).not.toBe(folded('12 bar'));
  });

  it('is the same when it is folded again', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), hardText()), (text) => {
        expect(folded(folded(text))).toBe(folded(text));
      }),
    );
  });

  it('knows of each of its characters where it stood', () => {
    fc.assert(
      fc.property(hardText(), (text) => {
        const { text: letters, starts, ends } = fold(text);
        expect(starts).toHaveLength(letters.length);
        for (const [at, letter] of letters.split('').entries())
          if (letter.trim() !== '') expect(folded(text.slice(starts[at], ends[at]))).toContain(letter);
      }),
    );
  });
});
