import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArrivedVectors } from '../../../../src/infra/documents/vectors/arrived-vectors.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const SPACE = { model: 'e', dimensions: 2, asked: false, address: 'http://e/v1', keyVariable: 'K' };
const [FIRST, SECOND] = [
  new Map([
    ['a', Int8Array.of(1, -2)],
    ['refused', new Int8Array()],
  ]),
  new Map([['b', Int8Array.of(-127, 127)]]),
];

describe('vectors that came and are not in the index yet', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await tempDir();
    path = join(directory, 'vectors.arrived');
  });

  const takenUp = async () => {
    const put: unknown[] = [];
    await ArrivedVectors.takeUp(path, {
      putVectors: async (space, vectors) => void put.push([space, ...vectors]),
    });
    return put;
  };

  it('stand in a file in the order in which they came, and the next process puts them into the index', async () => {
    const killed = new ArrivedVectors(path);
    killed.keep(SPACE, FIRST);
    killed.keep(SPACE, SECOND);
    await appendFile(path, 'torn');
    expect(await takenUp()).toEqual([
      [SPACE, ...FIRST],
      [SPACE, ...SECOND],
    ]);
    expect(await readdir(directory)).toEqual([]);
    expect(await takenUp()).toEqual([]);
  });

  it('leave no file once the index has them, and stay where it has not', async () => {
    const arrived = new ArrivedVectors(path);
    arrived.keep(SPACE, FIRST).drop();
    const mark = arrived.keep(SPACE, SECOND);
    mark.drop();
    arrived.close();
    expect(await readdir(directory)).toEqual([]);
    const failed = new ArrivedVectors(path);
    failed.keep(SPACE, SECOND);
    failed.close();
    expect(await takenUp()).toEqual([[SPACE, ...SECOND]]);
  });

  it('are kept from nobody by a disk that takes none', () => {
    expect(new ArrivedVectors(join(directory, 'missing', 'arrived')).keep(SPACE, FIRST)).toMatchObject({
      kept: false,
    });
  });
});
