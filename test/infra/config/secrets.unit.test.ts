import { describe, expect, it } from 'vitest';
import { redactText } from '../../../src/infra/config/secrets.ts';

const LONG = 2_000_000;

describe('text without its secrets', () => {
  it.each([
    ['https://ada:pass@host/v1', 'https://[redacted]@host/v1'],
    ['mongodb+srv://ada:pass@host', 'mongodb+srv://[redacted]@host'],
    ['see https://host/v1?key=abc and more', 'see https://host/v1?[redacted] and more'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['the key sk-abcdefghijklmnop', 'the key [redacted]'],
    ['my-own-secret', '[redacted]'],
  ])('of %j is %j', (text, expected) => {
    expect(redactText(text, ['my-own-secret'])).toBe(expected);
  });

  // A search whose time grows with the square of the text would not end here.
  it.each(['a', 'a.', 'a://', 'sk-', 'Bearer '])('comes to an end for a long text of %j', (part) => {
    const text = part.repeat(LONG / part.length);
    expect(redactText(text, []).length).toBeGreaterThan(0);
  });
});
