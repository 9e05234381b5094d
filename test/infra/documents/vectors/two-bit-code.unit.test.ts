import { describe, expect, it } from 'vitest';
import { int8Of, nearnessTo } from '../../../../src/infra/documents/vectors/int8-vector.ts';
import { TopK } from '../../../../src/infra/documents/vectors/top-k.ts';
import { codeBytes, likenessTo, writeCode } from '../../../../src/infra/documents/vectors/two-bit-code.ts';
import { seededRandom } from '../../../../src/infra/models/random.ts';

const bytesOf = (vector: Int8Array) => new Uint8Array(vector.buffer, vector.byteOffset, vector.length);
const sizeOf = (vector: Int8Array) => Math.hypot(...vector);
const codesOf = (vectors: readonly Int8Array[], dimensions: number) => {
  const bytes = codeBytes(dimensions);
  const codes = new Uint8Array(vectors.length * bytes);
  for (const [at, vector] of vectors.entries())
    writeCode(vector, codes.subarray(at * bytes, (at + 1) * bytes));
  return codes;
};

describe('vectors of two bits a dimension', () => {
  it.each([1, 2, 3, 5, 64, 383, 1_024])(
    'tell what is near from what is not, at %s dimensions',
    (dimensions) => {
      const random = seededRandom(dimensions);
      const vector = () => Array.from({ length: dimensions }, () => random() - 0.5);
      for (let round = 0; round < 50; round += 1) {
        const about = vector();
        const [one, other] = [int8Of(about.map((part) => part + 0.3 * (random() - 0.5))), int8Of(vector())];
        const query = int8Of(about);
        const [near, far] = [one, other].map((each) => nearnessTo(query)(bytesOf(each)) / sizeOf(query));
        if ((near ?? 0) - (far ?? 0) < 0.5) continue;
        const likeness = likenessTo(query);
        const codes = codesOf([one, other], dimensions);
        expect(likeness(codes, 0)).toBeGreaterThan(likeness(codes, 1));
      }
    },
  );

  it('do not depend on how long a vector is', () => {
    const [long, short] = [Int8Array.of(100, -40, 60, 20, -80), Int8Array.of(50, -20, 30, 10, -40)];
    expect(codesOf([long], 5)).toEqual(codesOf([short], 5));
  });

  it('count for no more than they agree with the vector: long steps alone make none nearer', () => {
    const likeness = likenessTo(Int8Array.of(100, 100, 100, 100));
    const codes = codesOf([Int8Array.of(100, 100, 100, 100), Int8Array.of(127, 40, 40, 40)], 4);
    expect(likeness(codes, 0)).toBeGreaterThan(likeness(codes, 1));
  });

  it('are as far as can be where nothing stands, or nothing but zeros', () => {
    const codes = codesOf([new Int8Array(3), Int8Array.of(1, 2, 3)], 3);
    const likeness = likenessTo(Int8Array.of(-1, -1, -1));
    expect(likeness(codes, 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(likeness(codes, 1)).toBeLessThan(0);
  });
});

describe('the highest of many', () => {
  it('are those that a sort would put first, of equals the first that came', () => {
    const random = seededRandom(1);
    const scores = Array.from({ length: 5_000 }, () => Math.floor(random() * 900));
    const highest = new TopK(100);
    for (const [id, score] of scores.entries()) highest.offer(id, score);
    const sorted = [...scores.entries()].toSorted(([, one], [, other]) => other - one);
    expect(highest.ids()).toEqual(sorted.slice(0, 100).map(([id]) => id));
  });

  it('are all where there are few, without those of no score', () => {
    const highest = new TopK(3);
    highest.offer(7, 1);
    highest.offer(8, Number.NEGATIVE_INFINITY);
    highest.offer(9, 2);
    expect(highest.ids()).toEqual([9, 7]);
  });
});
