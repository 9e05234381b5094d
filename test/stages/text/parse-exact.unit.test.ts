import { describe, expect, it } from 'vitest';
import { digitsAsText, parseExact } from '../../../src/stages/text/parse-exact.ts';

const keptOf = (text: string) => digitsAsText(parseExact(text));

describe('a number of the user', () => {
  it.each([
    '1234567890123456789',
    '98765432109876543210',
    '0.12345678901234567891',
    '1e400',
    '-9007199254740993',
    '1E-400',
    // Held by a double: yet a column of ids, of which some are held and some are not, has one type.
    '9007199254740992',
    '100000000000000000000',
  ])('keeps its digits, as a text, where JavaScript would round it: %s', (digits) => {
    expect(keptOf(`{"row": {"key": ${digits}}}`)).toEqual({ row: { key: digits } });
    expect(keptOf(digits)).toBe(digits);
    expect(keptOf(`[1,\n ${digits} ]`)).toEqual([1, digits]);
  });

  it.each([
    '1',
    '1.10',
    '-0.5',
    '1e3',
    '9007199254740991',
    '0',
    '1.0',
    '2.5e-7',
    '1e20',
    '1.0000000000000000',
  ])('is a number where JavaScript holds it: %s', (digits) => {
    expect(keptOf(`[${digits}]`)).toEqual([Number(digits)]);
  });

  it('is told from a text that looks like one', () => {
    const ids = { hex: '3e5', long: '1234567890123456789', list: ['a, 1e400', '[98765432109876543210'] };
    expect(keptOf(JSON.stringify({ ...ids, number: 7 }))).toEqual({ ...ids, number: 7 });
  });

  it('leaves what is nested too deep to the rule of depth', () => {
    const text = `${'['.repeat(20_000)}1e400${']'.repeat(20_000)}`;
    expect(() => parseExact(text)).not.toThrow();
  });

  it('is its digits where it came as a bigint, beside what is no JSON', () => {
    const at = new Date(0);
    expect(digitsAsText({ tweets: [1234567890123456789n], at })).toEqual({
      tweets: ['1234567890123456789'],
      at,
    });
  });
});

it('a text that is no JSON is an error of JSON', () => {
  expect(() => parseExact('{"a": 1e}')).toThrow(SyntaxError);
});
