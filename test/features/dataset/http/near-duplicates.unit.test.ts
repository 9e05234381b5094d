import { describe, expect, it, vi } from 'vitest';
import { NearDuplicates } from '../../../../src/features/dataset/http/near-duplicates.ts';

const LONG =
  'Why does a buffer of a weak acid and its salt resist a change of pH when a little strong acid is added, and when does it stop doing so in practice?';

describe('near-duplicates', () => {
  it('are found among many texts, the most alike first', () => {
    const duplicates = new NearDuplicates();
    for (let index = 0; index < 300; index += 1)
      duplicates.add(
        `other-${index}`,
        `Number ${index * 7} is ${index * 13} and ${index * 31} in column ${index}`,
      );
    duplicates.add('a', LONG);
    duplicates.add('b', `${LONG} Explain.`);
    duplicates.add('c', LONG.toUpperCase());
    const pairs = duplicates.pairs().map(({ a, b, similarity }) => [a, b, similarity === 1]);
    expect(pairs[0]).toEqual(['a', 'c', true]);
    expect(pairs).toContainEqual(['a', 'b', false]);
  });

  it('are none among texts that only share a subject', () => {
    const duplicates = new NearDuplicates();
    duplicates.add('a', 'What is a buffer solution and how is it made?');
    duplicates.add('b', 'How does a buffer solution resist a change of its pH?');
    expect(duplicates.pairs()).toEqual([]);
  });

  it('compare each of thousands that are alike with a bounded number of others', () => {
    const compared = vi.spyOn(Set.prototype, 'intersection');
    const duplicates = new NearDuplicates();
    const texts = 400;
    for (let index = 0; index < texts; index += 1) duplicates.add(`${index}`, `${LONG} Number ${index}.`);
    expect(compared.mock.calls.length).toBeLessThanOrEqual(texts * 16 * 8);
    expect(compared.mock.calls.length).toBeLessThan((texts * (texts - 1)) / 4);
    expect(duplicates.pairs()).toHaveLength(50);
    compared.mockRestore();
  });

  it('take texts without words', () => {
    const duplicates = new NearDuplicates();
    duplicates.add('a', '???');
    duplicates.add('b', '');
    expect(duplicates.pairs()).toHaveLength(1);
  });
});
