import { describe, expect, it } from 'vitest';
import { safeText, withoutKey } from '../../../src/infra/llm/redact.ts';

describe('a text from outside', () => {
  it('loses every occurrence of the key', () => {
    expect(withoutKey('sk-1 and sk-1', 'sk-1')).toBe('[key] and [key]');
  });

  it('stays as it is where there is no key', () => {
    expect(withoutKey('text', '')).toBe('text');
    expect(withoutKey('text', undefined)).toBe('text');
  });

  it('is not cut within a key, which would leave half of it', () => {
    const key = 'k'.repeat(40);
    expect(safeText(`${'x'.repeat(480)}${key}`, key)).not.toContain('kkk');
  });

  it('comes out as one bounded line', () => {
    const text = safeText(`a\n\tb\u0007${'c'.repeat(900)}`, undefined);
    expect(text.startsWith('a b c')).toBe(true);
    expect(text).toHaveLength(500);
  });
});
