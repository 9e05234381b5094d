import { describe, expect, it } from 'vitest';
import { queryWords, termsOf } from '../../../../src/infra/documents/text/words.ts';

describe('the words of a query', () => {
  it('are those that the index knows: lower case, without accents, each once', () => {
    expect(queryWords('Où est le Café? le café!')).toEqual(['ou', 'est', 'le', 'cafe']);
  });

  it('hold nothing that a query language could take for syntax', () => {
    expect(queryWords('"oil" OR NEAR(x) AND -y* ^z: {a} (b')).toEqual([
      'oil',
      'or',
      'near',
      'x',
      'and',
      'y',
      'z',
      'a',
      'b',
    ]);
  });

  it('are words also where a script has no spaces', () => {
    expect(queryWords('发动机的机油压力').length).toBeGreaterThan(2);
    expect(termsOf('发动机的机油压力')).toContain(' ');
  });

  it('are 64 at most', () => {
    expect(queryWords(Array.from({ length: 500 }, (_, at) => `w${at}`).join(' '))).toHaveLength(64);
  });
});
