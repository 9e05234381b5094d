import { describe, expect, it } from 'vitest';
import { parseExact } from '../../../src/infra/input/parse-exact.ts';

describe('a number of the user', () => {
  it.each([
    '1234567890123456789',
    '98765432109876543210',
    '0.12345678901234567891',
    '1e400',
    '-9007199254740993',
  ])('keeps its digits, as a text, where JavaScript would round it: %s', (digits) => {
    expect(parseExact(`{"row": {"key": ${digits}}}`)).toEqual({ row: { key: digits } });
  });

  it.each(['1', '1.10', '-0.5', '1e3', '9007199254740991', '0', '1.0', '2.5e-7', '100000000000000000000'])(
    'is a number where JavaScript holds it: %s',
    (digits) => {
      expect(parseExact(`[${digits}]`)).toEqual([Number(digits)]);
    },
  );
});
