import { describe, expect, it } from 'vitest';
import { type Expected, embeddingReply } from '../../../../src/infra/models/openai/embedding-reply.ts';
import { Failure } from '../../../../src/streams/failure.ts';

const expected: Expected = { address: 'http://e/v1', texts: 2, dimensions: 2, mostDimensions: 8 };
const reply = (...embeddings: readonly unknown[]) =>
  JSON.stringify({ data: embeddings.map((embedding, index) => ({ index, embedding })) });

function failureOf(body: string, other: Partial<Expected> = {}): Failure {
  try {
    embeddingReply(body, { ...expected, ...other });
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new RangeError('it was taken');
}

describe('a reply with vectors', () => {
  it('is read in the order of the texts, whatever the order of the reply, with the tokens that it took', () => {
    const data = [
      { index: 1, embedding: [3, 4] },
      { index: 0, embedding: [1, 2] },
    ];
    const body = JSON.stringify({ data, usage: { prompt_tokens: 7, total_tokens: 7 } });
    expect(embeddingReply(body, expected)).toEqual({
      vectors: [
        [1, 2],
        [3, 4],
      ],
      tokens: 7,
    });
    expect(embeddingReply(reply([1, 2], [3, 4]), expected)).toMatchObject({ tokens: undefined });
  });

  it.each([
    [reply([1, 2]), 'answered with 1 vectors to 2 texts'],
    [reply([1, 2], [1, 2], [1, 2]), 'answered with 3 vectors to 2 texts'],
    ['{"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}', 'two vectors to one text'],
    ['{"data":[{"embedding":[1,NaN]},{"embedding":[1,2]}]}', 'a vector that holds what is no number'],
    ['{"data":[{"embedding":[-Infinity,2]},{"embedding":[1,2]}]}', 'a vector that holds what is no number'],
    [reply([1, null], [1, 2]), 'a vector that holds what is no number'],
    ['{"data":[{"embedding":[1,1e999]},{"embedding":[1,2]}]}', 'a vector that holds what is no number'],
    [reply([1, 2], [1, 2, 3]), 'vectors of different lengths: 2, 3'],
    ['{"object":"list"}', 'something that is no list of vectors'],
    ['<html>', 'something that is no list of vectors'],
    [reply('AAAA', 'BBBB'), 'something that is no list of vectors'],
  ])('that cannot be used is none, and says what came: %s', (body, said) => {
    const { kind, code, message } = failureOf(body);
    expect([kind, code]).toEqual(['transient', 'bad_embedding']);
    expect(message).toContain('The server at http://e/v1');
    expect(message).toContain(said);
  });

  it('with vectors of another length stops everything, and says what to set', () => {
    const { kind, code, message } = failureOf(reply([1, 2, 3], [1, 2, 3]));
    expect([kind, code]).toEqual(['fatal', 'other_dimensions']);
    expect(message).toMatch(/vectors of 3 dimensions, expected were 2\. Set embeddings\.dimensions/);
    for (const vector of [[], new Array<number>(9).fill(1)])
      expect(failureOf(reply(vector, vector), { dimensions: undefined }).message).toMatch(
        /expected were 1 to 8/,
      );
  });
});
