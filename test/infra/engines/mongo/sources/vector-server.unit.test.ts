import { Binary } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { VectorServer } from '../../../../../src/infra/engines/mongo/sources/vector-server.ts';

const space = { model: 'm', dimensions: 4, asked: false, address: 'a', keyVariable: '' };
const values = Int8Array.of(1, -2, 3, -4);

/** A server with a search process, as far as its commands go: none can be had in a test. */
function serverSeeing() {
  const commands: Record<string, unknown>[] = [];
  const command = async (each: Record<string, unknown>) => void commands.push(each);
  const runCursorCommand = (each: Record<string, unknown>) => {
    commands.push(each);
    return { toArray: async () => [] };
  };
  return { server: new VectorServer({ command, runCursorCommand } as never), commands };
}

describe('a MongoDB that searches by vectors', () => {
  it('is asked in the words of its documentation: an index for each space, and a stage that comes first', async () => {
    const { server, commands } = serverSeeing();
    await server.prepare(space);
    await server.nearest({ space, values }, 10);
    const [, made, asked] = commands;
    const field = {
      type: 'vector',
      path: expect.stringMatching(/^vectors\./),
      numDimensions: 4,
      similarity: 'cosine',
    };
    expect(made).toEqual({
      createSearchIndexes: expect.any(String),
      indexes: [{ name: expect.any(String), type: 'vectorSearch', definition: { fields: [field] } }],
    });
    expect(asked).toMatchObject({
      pipeline: [{ $vectorSearch: { numCandidates: 200, limit: 10, queryVector: expect.any(Binary) } }, {}],
    });
  });

  it('is asked to look at no more than it may, however many are wanted', async () => {
    const { server, commands } = serverSeeing();
    await server.nearest({ space, values }, 1_000);
    expect(commands.at(-1)).toMatchObject({
      pipeline: [{ $vectorSearch: { numCandidates: 10_000, limit: 1_000 } }, {}],
    });
  });
});
