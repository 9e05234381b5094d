import { describe, expect, it } from 'vitest';
import { passageAround } from '../../../src/stages/evidence/passage.ts';

const paragraph = (letter: string, length: number) => letter.repeat(length);

describe('the passage of a quote', () => {
  it('is the whole text where that is short', () => {
    expect(passageAround('One.\n\nTwo.', 6, 10)).toBe('One.\n\nTwo.');
  });

  it('is its paragraph and those around it, as long as they fit', () => {
    const text = [
      paragraph('a', 1_500),
      paragraph('b', 300),
      paragraph('c', 600),
      paragraph('d', 1_500),
    ].join('\n\n');
    const passage = passageAround(text, 1_510, 1_520);
    expect(passage).toBe(`${paragraph('b', 300)}\n\n${paragraph('c', 600)}`);
  });

  it('of a paragraph that is too long is what stands around the quote', () => {
    const text = `${paragraph('a', 5_000)}quote${paragraph('b', 5_000)}`;
    const passage = passageAround(text, 5_000, 5_005);
    expect(passage.length).toBeLessThanOrEqual(2_000);
    expect(passage).toContain('aquoteb');
  });
});
