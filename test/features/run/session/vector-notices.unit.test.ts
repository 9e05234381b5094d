import { describe, expect, it } from 'vitest';
import { noticesOf } from '../../../../src/features/run/session/vector-notices.ts';
import type { SearchedByVectors } from '../../../../src/infra/documents/vectors/vector-index.ts';

const OF_E = {
  model: 'e',
  dimensions: 64,
  asked: false,
  address: 'http://e/v1',
  keyVariable: 'K',
  ready: true,
};
const ALL: SearchedByVectors = { answering: OF_E, chunks: 10, lacking: 0, searched: 'by-looking-at-all' };

const told = (
  found: Partial<SearchedByVectors>,
  wanted: { model: string; dimensions?: number } = { model: 'e' },
) => noticesOf(wanted, { ...ALL, ...found }).map(({ text, isMade }) => `${isMade ? 'make: ' : ''}${text}`);

describe('what is told of vectors', () => {
  it('is nothing where all chunks have one, or there are none', () => {
    expect(told({})).toEqual([]);
    expect(told({ searched: 'by-an-index', chunks: 1_000_000 })).toEqual([]);
    expect(told({ chunks: 0, answering: undefined, searched: 'among-those-by-words' })).toEqual([]);
  });

  it('is how many chunks have none', () => {
    expect(told({ lacking: 3 })).toEqual([
      'make: 3 of 10 chunks have no vector yet: they are found by their words alone.',
    ]);
    expect(told({ lacking: 10, answering: undefined })).toEqual([
      'make: No chunk has a vector yet: documents are searched by words alone.',
    ]);
  });

  it('is that those of another model, or of another length, answer', () => {
    expect(told({}, { model: 'new' })).toEqual([
      'make: Documents are searched by the vectors of e (64 dimensions) until those of new are made.',
    ]);
    expect(told({}, { model: 'e', dimensions: 32 })).toHaveLength(1);
    expect(told({}, { model: 'e', dimensions: 64 })).toEqual([]);
  });

  it('is that more chunks are looked at than should be: from 500,001 on, where there is no index', () => {
    expect(told({ chunks: 500_000 })).toEqual([]);
    expect(told({ chunks: 500_001 })).toEqual([expect.stringMatching(/^500,001 chunks are more than/)]);
    expect(told({ chunks: 500_001, searched: 'by-an-index' })).toEqual([]);
  });

  it('is that a MongoDB ranks by vectors, and finds nothing by them', () => {
    expect(told({ searched: 'among-those-by-words', lacking: 1 })).toEqual([
      expect.stringMatching(/^make: 1 of 10 chunks/),
      expect.stringMatching(/^This MongoDB does not search by vectors/),
    ]);
  });
});
