import { describe, expect, it } from 'vitest';
import { embeddingPriceOf } from '../../../src/infra/config/embedding-settings.ts';

const priceOf = (model: string, price?: number) =>
  embeddingPriceOf({ embeddings: { model, ...(price === undefined ? {} : { price }) }, prices: {} });

describe('the price of an embedding model', () => {
  it('is known for the usual ones, also under the name that a router gives them', () => {
    expect(
      ['text-embedding-3-small', 'text-embedding-3-large', 'gemini-embedding-001'].map((m) => priceOf(m)),
    ).toEqual([0.02, 0.13, 0.15]);
    expect(priceOf('openai/text-embedding-3-small')).toBe(0.02);
  });

  it('is the one that is set before all others, and unknown where nobody told it', () => {
    expect(priceOf('text-embedding-3-small', 0.5)).toBe(0.5);
    expect(priceOf('nomic-embed-text')).toBeUndefined();
    const prices = { 'nomic-embed-text': { input: 0.01, output: 0 } };
    expect(embeddingPriceOf({ embeddings: { model: 'nomic-embed-text' }, prices })).toBe(0.01);
  });

  it('is not the price that is set for another model, whose vectors still answer', () => {
    const embeddings = { model: 'new', price: 0 };
    expect(embeddingPriceOf({ embeddings, prices: {} }, 'text-embedding-3-large')).toBe(0.13);
  });
});
