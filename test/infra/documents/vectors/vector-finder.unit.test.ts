import { describe, expect, it } from 'vitest';
import { VectorFinder } from '../../../../src/infra/documents/vectors/vector-finder.ts';
import type { VectorSpace, WantedByVector } from '../../../../src/infra/documents/vectors/vector-index.ts';
import { Failure } from '../../../../src/streams/failure.ts';

const SPACE: VectorSpace = {
  ...{ model: 'e', dimensions: 2, asked: false, address: 'http://e/v1', keyVariable: 'KEY' },
};

function finderOf(spaces: readonly VectorSpace[], embed: () => Promise<Int8Array>) {
  const searched: WantedByVector[] = [];
  const embedded: string[] = [];
  const costs: (readonly [usd: number, tokens: number])[] = [];
  const finder = new VectorFinder({
    search: {
      find: async (wanted) => {
        searched.push(wanted);
        return [];
      },
      spaces: async () => spaces.map((space) => ({ ...space, ready: true })),
    },
    embedderOf: async () => ({
      embed: async (texts) => {
        embedded.push(...texts);
        return { vectors: [await embed()], tokens: 1, costUsd: 0.5 };
      },
    }),
  });
  const find = (text: string) =>
    finder.find({ text, limit: 1, onCost: (usd, tokens) => void costs.push([usd, tokens]) });
  return { find, searched, embedded, costs };
}

describe('a search by vectors', () => {
  it('brings the vector of the query, by the model whose vectors answer, and tells its price', async () => {
    const { find, searched, embedded, costs } = finderOf([SPACE], async () => Int8Array.of(1, -2));
    await find('halt');
    expect(embedded).toEqual(['halt']);
    expect(searched[0]?.vector).toMatchObject({ space: SPACE, values: Int8Array.of(1, -2) });
    expect(costs).toEqual([[0.5, 1]]);
  });

  it('asks once for equal queries that come at the same time, and one of them pays', async () => {
    const { find, searched, embedded, costs } = finderOf([SPACE], async () => Int8Array.of(1, 2));
    await Promise.all([find('halt'), find('halt'), find('halt')]);
    expect([embedded, costs]).toEqual([['halt'], [[0.5, 1]]]);
    expect(searched.map(({ vector }) => vector?.values)).toEqual(Array(3).fill(Int8Array.of(1, 2)));
  });

  it('is one by words alone where nothing has a vector, and for a query that the server refuses', async () => {
    const none = finderOf([], async () => Int8Array.of(1, 2));
    await none.find('halt');
    const refusing = finderOf([SPACE], () => Promise.reject(new Failure('poison', 'prompt_rejected', 'No.')));
    await refusing.find('halt');
    for (const { searched, costs } of [none, refusing])
      expect([searched[0]?.vector, costs]).toEqual([undefined, []]);
  });

  it('ends with what a person has to change', async () => {
    const refused = new Failure('fatal', 'unauthorized', 'The key is refused.');
    const { find } = finderOf([SPACE], () => Promise.reject(refused));
    await expect(find('halt')).rejects.toBe(refused);
  });
});
