import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvSplitter } from '../../../../src/infra/input/formats/csv-splitter.ts';
import { cutAt, places, split, trickyText } from './splitting.ts';

describe('CsvSplitter', () => {
  it('keeps a newline within quotes in the row and numbers the row by its first line', () => {
    expect(split(new CsvSplitter(100), 'a,"b\nc"\n"d ""e""\n",f\ng')).toEqual([
      '1: a,"b\nc"\n',
      '3: "d ""e""\n",f\n',
      '5: g',
    ]);
  });

  it('takes a quote in the middle of a text for a character', () => {
    expect(split(new CsvSplitter(100), 'a 5" pipe\nb\n')).toEqual(['1: a 5" pipe\n', '2: b\n']);
  });

  it('ends a row past the limit at its next newline, even within quotes', () => {
    const rows = split(new CsvSplitter(10), 'a\n"never closed\nb\nc\n');
    expect(rows).toEqual(['1: a\n', '2! too long: expected at most 10 bytes, came 14', '3: b\n', '4: c\n']);
  });

  it('gives the same rows for any chunking', () => {
    fc.assert(
      fc.property(trickyText, places, fc.integer({ min: 1, max: 30 }), (text, cuts, limit) => {
        const bytes = Buffer.from(text);
        const whole = split(new CsvSplitter(limit), bytes);
        expect(split(new CsvSplitter(limit), ...cutAt(bytes, cuts))).toEqual(whole);
      }),
    );
  });
});
