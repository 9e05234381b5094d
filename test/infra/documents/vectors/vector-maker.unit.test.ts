import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { embedChunks } from '../../../../src/infra/documents/vectors/embed-chunks.ts';
import type { Embedded } from '../../../../src/infra/documents/vectors/embedder.ts';
import type { Int8Vector, VectorIndex } from '../../../../src/infra/documents/vectors/vector-index.ts';
import { Failure } from '../../../../src/streams/failure.ts';

const WANTED = { model: 'e', dimensions: undefined, asked: false, address: 'http://e/v1', keyVariable: 'K' };
const TOO_LONG = new Failure('poison', 'prompt_rejected', 'Too long.');
const UNPAID = new Failure('fatal', 'unauthorized', 'The key is refused.');

function indexOf(hashes: readonly string[]) {
  const kept = new Map<string, Int8Vector>();
  const ready: number[] = [];
  const vectors: VectorIndex = {
    spaces: () => [],
    lacking: () => ({ chunks: hashes.length, characters: 0 }),
    without: (_, limit, after) =>
      hashes
        .filter((hash) => hash > after && !kept.has(hash))
        .slice(0, limit)
        .map((hash) => ({ hash, heading: '', text: hash })),
    putVectors: (_, made) => {
      for (const [hash, vector] of made) kept.set(hash, vector);
    },
    answerBy: ({ dimensions }) => void ready.push(dimensions),
  };
  return { vectors, kept, ready };
}

function answerTo(texts: readonly string[]): Embedded {
  return { vectors: texts.map(() => Int8Array.of(1, 2)), tokens: texts.length, costUsd: 0.5 };
}

describe('the vectors of an answer', () => {
  it('are kept in the turn in which it comes', async () => {
    const { vectors, kept } = indexOf(['a', 'b']);
    const { promise, resolve } = Promise.withResolvers<Embedded>();
    const made = embedChunks(vectors, { embed: () => promise }, WANTED);
    await nextTurn();
    expect(kept.size).toBe(0);
    resolve(answerTo(['a', 'b']));
    await nextTurn();
    expect([...kept.keys()]).toEqual(['a', 'b']);
    expect(await made).toEqual({ made: 2, refused: 0, tokens: 2, costUsd: 0.5 });
  });

  it('are kept text by text where the batch was refused, whatever becomes of the next text', async () => {
    const { vectors, kept, ready } = indexOf(['a', 'b', 'c']);
    const asked: string[] = [];
    const embed = async (texts: readonly string[]) => {
      asked.push(texts.join());
      if (texts.length > 1) throw TOO_LONG;
      if (texts.includes('c')) throw UNPAID;
      return answerTo(texts);
    };
    await expect(embedChunks(vectors, { embed }, WANTED)).rejects.toBe(UNPAID);
    expect([...kept.keys()]).toEqual(['a', 'b']);
    await expect(embedChunks(vectors, { embed }, { ...WANTED, dimensions: 2 })).rejects.toBe(UNPAID);
    expect(asked).toEqual(['a,b,c', 'a', 'b', 'c', 'c']);
    expect(ready).toEqual([]);
  });

  it('stand beside what was refused before anybody knew how long they are', async () => {
    const { vectors, kept, ready } = indexOf(['a', 'b']);
    const embed = async (texts: readonly string[]) => {
      if (texts.length > 1 || texts[0] === 'a') throw TOO_LONG;
      return answerTo(texts);
    };
    expect(await embedChunks(vectors, { embed }, WANTED)).toMatchObject({ made: 1, refused: 1 });
    expect([...kept].map(([hash, { length }]) => [hash, length])).toEqual([
      ['a', 0],
      ['b', 2],
    ]);
    expect(ready).toEqual([2]);
  });

  it('are none at all where the server refuses every text', async () => {
    const { vectors, kept } = indexOf(['a', 'b']);
    const embed = () => Promise.reject(TOO_LONG);
    await expect(embedChunks(vectors, { embed }, WANTED)).rejects.toMatchObject({ code: 'no_vectors' });
    expect(kept.size).toBe(0);
  });
});
