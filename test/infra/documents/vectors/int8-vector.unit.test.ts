import { describe, expect, it } from 'vitest';
import { int8Of, nearnessTo } from '../../../../src/infra/documents/vectors/int8-vector.ts';
import { reciprocalRankFusion } from '../../../../src/infra/documents/vectors/reciprocal-rank-fusion.ts';

const bytesOf = (vector: Int8Array) => new Uint8Array(vector.buffer, vector.byteOffset, vector.length);
const random = (dimensions: number) => Array.from({ length: dimensions }, () => Math.random() - 0.5);
const cosine = (one: readonly number[], other: readonly number[]) => {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
};

describe('vectors of one byte a dimension', () => {
  it.each([1, 2, 7, 64, 1_023])('order texts as their full vectors do, at %s dimensions', (dimensions) => {
    for (let round = 0; round < 20; round += 1) {
      const query = random(dimensions);
      const nearness = nearnessTo(int8Of(query));
      const [one, other] = [random(dimensions), random(dimensions)];
      const difference = cosine(query, one) - cosine(query, other);
      const found = nearness(bytesOf(int8Of(one))) - nearness(bytesOf(int8Of(other)));
      if (Math.abs(difference) > 0.05) expect(Math.sign(found)).toBe(Math.sign(difference));
    }
  });

  it('lose nothing of the smallest of a vector, however long it is', () => {
    expect([...int8Of([0.001, -0.002, 0])]).toEqual([64, -127, 0]);
    expect([...int8Of([1e30, -2e30, 0])]).toEqual([64, -127, 0]);
    expect([...int8Of([0, 0])]).toEqual([0, 0]);
  });

  it('are as far as can be where one is empty, of another length, or nothing but zeros', () => {
    const nearness = nearnessTo(int8Of([1, 1]));
    for (const vector of [[], [1], [1, 1, 1], [0, 0]]) expect(nearness(bytesOf(int8Of(vector)))).toBe(0);
  });
});

describe('two orders joined by rank', () => {
  it('put first what stands high in both, then what stands high in one', () => {
    expect(
      reciprocalRankFusion([
        ['a', 'b', 'c'],
        ['c', 'd'],
      ]),
    ).toEqual(['c', 'a', 'b', 'd']);
    expect(reciprocalRankFusion([['a', 'b'], []])).toEqual(['a', 'b']);
    expect(reciprocalRankFusion<string>([[], []])).toEqual([]);
  });
});
