import { describe, expect, it } from 'vitest';
import { safeText, withoutSecrets } from '../../../../../src/infra/models/openai/failures/redact.ts';

describe('a text from outside', () => {
  it('loses every occurrence of each secret, however it is written', () => {
    expect(withoutSecrets('sk-1 and sk-1', ['sk-1'])).toBe('[key] and [key]');
    const text = 'so "a\\"b c" of a%22b%20c, and the longer one: a"b c d';
    expect(withoutSecrets(text, ['a"b c', 'a"b c d'])).toBe('so "[key]" of [key], and the longer one: [key]');
  });

  it('stays as it is where there is none, or one that stands in any word', () => {
    expect(withoutSecrets('text', [''])).toBe('text');
    expect(withoutSecrets('text', ['ex'])).toBe('text');
    expect(withoutSecrets('text', [])).toBe('text');
  });

  it('is not cut within a key, which would leave half of it', () => {
    const key = 'k'.repeat(40);
    expect(safeText(`${'x'.repeat(480)}${key}`, [key])).not.toContain('kkk');
  });

  it('comes out as one bounded line', () => {
    const text = safeText(`a\n\tb\u0007${'c'.repeat(900)}`, []);
    expect(text.startsWith('a b c')).toBe(true);
    expect(text).toHaveLength(500);
  });
});
