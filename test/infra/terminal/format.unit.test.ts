import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignedColumns,
  count,
  duration,
  money,
  plural,
  printable,
  printableJson,
  printableLines,
  short,
  spending,
} from '../../../src/infra/terminal/format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_234_567, '1,234,567'],
  ])('%d is counted as %s', (value, text) => {
    expect(count(value)).toBe(text);
  });

  it.each([
    [0, '0 questions'],
    [1, '1 question'],
    [2_000, '2,000 questions'],
  ])('%d is said as "%s"', (value, text) => {
    expect(plural(value, 'question')).toBe(text);
  });

  it.each([
    [61_234, '61.2K'],
    [999, '999'],
    [1_500_000, '1.5M'],
  ])('%d is short for %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it.each([
    [0, '$0.00'],
    [0.0123, '$0.0123'],
    [1.5, '$1.50'],
    [1_234.5, '$1234.50'],
  ])('%d US dollars are written %s', (usd, text) => {
    expect(money(usd)).toBe(text);
  });

  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [12.4, '12 s'],
    [119.4, '119 s'],
    [119.6, '2 min 0 s'],
    [200, '3 min 20 s'],
    [7_199, '119 min 59 s'],
    [7_199.6, '2 h 0 min'],
    [7_500, '2 h 5 min'],
  ])('%d seconds last %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('never say 60 of anything', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(duration(seconds)).not.toMatch(/ 60 (?:s|min)$/);
      }),
    );
  });
});

describe('what was spent', () => {
  it('says tokens and money', () => {
    expect(spending(61_200, 0.0123, 0)).toBe('61.2K tokens, $0.0123');
  });

  it('does not pass off a call of unknown price as free', () => {
    expect(spending(100, 0, 1)).toBe('100 tokens, 1 call of unknown price');
    expect(spending(100, 0.5, 3)).toBe('100 tokens, $0.5000 + 3 calls of unknown price');
  });
});

describe('text of strangers', () => {
  it('holds no control characters when it is printed, and is no longer than it may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const shown = printable(text, length);
        expect(shown).not.toMatch(/\p{Cc}/u);
        expect(shown.length).toBeLessThanOrEqual(length);
      }),
    );
  });

  it.each([
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\r\nb', 'a b'],
    ['\u0007\u009b2J', '2J'],
  ])('%j is shown as "%s"', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('a table', () => {
  it('has aligned columns and no white space at its ends', () => {
    const text = alignedColumns([
      ['id', 'stage', 'why'],
      ['1', 'generation', 'x'],
      ['22', 'review', ''],
    ]);
    expect(text).toBe('id  stage       why\n1   generation  x\n22  review');
  });

  it('of nothing is nothing', () => {
    expect(alignedColumns([])).toBe('');
  });
});

describe('JSON for a terminal', () => {
  const deceiving = 'a\u009b2J\u202eb\u2028c\u{e0041}\u001b]52';

  it('is the same value, with nothing in it that a terminal would obey or not show', () => {
    expect(JSON.parse(printableJson({ [deceiving]: deceiving }))).toEqual({ [deceiving]: deceiving });
    expect(printableJson({ a: deceiving })).toMatch(/^[\x20-\x7e]+$/);
  });

  it('leaves every other letter as it is', () => {
    expect(printableJson({ é: '漢字 👩‍🔬' }, undefined, 1)).toBe(
      JSON.stringify({ é: '漢字 👩‍🔬' }, undefined, 1),
    );
  });
});

it('lines of a stranger stay lines, and lose the rest of what a terminal obeys', () => {
  expect(printableLines('a\u001b[2Jb\nc\u202ed\te')).toBe('a [2Jb\nc d e');
});
