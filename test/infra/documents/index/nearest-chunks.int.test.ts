import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexDatabase } from '../../../../src/infra/documents/index/index-database.ts';
import { openToWrite } from '../../../../src/infra/documents/index/index-file.ts';
import { nearestChunks, nearestOfAll } from '../../../../src/infra/documents/index/nearest-chunks.ts';
import { CHUNKS_A_ROW, VectorCodes } from '../../../../src/infra/documents/index/vector-codes.ts';
import { VectorTable } from '../../../../src/infra/documents/index/vector-table.ts';
import { int8Of } from '../../../../src/infra/documents/vectors/int8-vector.ts';
import type { Int8Vector, VectorSpace } from '../../../../src/infra/documents/vectors/vector-index.ts';
import { seededRandom } from '../../../../src/infra/models/random.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const spaceOf = (dimensions: number): VectorSpace => ({
  ...{ model: 'e', dimensions, asked: false, address: 'http://e/v1', keyVariable: 'KEY' },
});

/** An index with nothing but hashes of chunks and vectors. */
async function indexOf(vectors: readonly Int8Vector[], dimensions: number) {
  const directory = await tempDir();
  const path = join(directory, 'index.db');
  const db = openToWrite(path, directory);
  const index = new IndexDatabase(db, path);
  const table = new VectorTable(index);
  const chunk = db.prepare("INSERT INTO chunks (id, hash, heading, text) VALUES (?, ?, '', '')");
  for (const at of vectors.keys()) chunk.run(at + 1, `h${at + 1}`);
  table.putVectors(spaceOf(dimensions), new Map(vectors.map((vector, at) => [`h${at + 1}`, vector])));
  return { db, index, table };
}

const codesIn = (db: DatabaseSync) =>
  db.prepare('SELECT space, n, codes FROM vector_codes ORDER BY 1, 2').all();

/** Texts of some subjects, each near to those of its own. */
function clustered(seed: number, { dimensions, count, clusters, spread }: Clustered) {
  const random = seededRandom(seed);
  const part = () => random() + random() + random() - 1.5;
  const centres = Array.from({ length: clusters }, () => Array.from({ length: dimensions }, part));
  const vector = () => {
    const centre = centres[Math.floor(random() * clusters)] ?? [];
    return int8Of(centre.map((each) => each + spread * part()));
  };
  return { vectors: Array.from({ length: count }, vector), query: vector };
}

type Clustered = Readonly<{ dimensions: number; count: number; clusters: number; spread: number }>;

describe('the chunks whose vectors are nearest', () => {
  it('are those that a look at every vector finds: 98 of 100 of the first ten, wherever texts have subjects', async () => {
    const shape = fc.record({
      dimensions: fc.constantFrom(64, 96, 130),
      count: fc.constant(3_000),
      clusters: fc.integer({ min: 5, max: 60 }),
      spread: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(), shape, async (seed, wanted) => {
        const { vectors, query } = clustered(seed, wanted);
        const { db } = await indexOf(vectors, wanted.dimensions);
        let found = 0;
        for (let round = 0; round < 20; round += 1) {
          const asked = { space: spaceOf(wanted.dimensions), values: query() };
          const near = nearestChunks(db, asked, undefined, 50).slice(0, 10);
          found += nearestOfAll(db, asked, undefined, 10).filter((each) => near.includes(each)).length;
        }
        db.close();
        expect(found).toBeGreaterThanOrEqual(196);
      }),
      { numRuns: 3 },
    );
  });

  it('are those of the sources that are named, however many of others are nearer', async () => {
    const { vectors, query } = clustered(2, { dimensions: 6, count: 400, clusters: 9, spread: 0.5 });
    const { db } = await indexOf(vectors, 6);
    db.exec(`INSERT INTO sources (id, name, root, include, exclude, license, added_at) VALUES (1, 'named', '', '', '', '', '');
      INSERT INTO documents VALUES (1, 1, 'a.md', '', 1, 1, '', '', '', 'indexed', '', '', '');
      INSERT INTO places (document, n, chunk, start, "end") SELECT 1, id, id, 0, 1 FROM chunks WHERE id % 100 = 7;`);
    const asked = { space: spaceOf(6), values: query() };
    const near = nearestChunks(db, asked, ['named'], 2);
    expect(near).toHaveLength(2);
    expect(near).toEqual(nearestOfAll(db, asked, ['named'], 2));
    expect(nearestChunks(db, asked, ['nobody'], 2)).toEqual([]);
    db.close();
  });

  it('are found by what stands now: vectors that came, were replaced or went, and spaces that went', async () => {
    const { vectors, query } = clustered(1, { dimensions: 6, count: 400, clusters: 9, spread: 0.5 });
    const { db, index, table } = await indexOf(vectors, 6);
    const same = () => {
      const asked = { space: spaceOf(6), values: query() };
      const near = nearestChunks(db, asked, undefined, 30);
      expect(near).toEqual(nearestOfAll(db, asked, undefined, 30));
      return near;
    };
    expect(same()).toHaveLength(30);
    table.putVectors(
      spaceOf(6),
      new Map([
        ['h7', query()],
        ['h300', new Int8Array()],
        ['gone', query()],
      ]),
    );
    same();
    const first = Array.from({ length: 3 * CHUNKS_A_ROW }, (_, at) => at);
    table.drop(first.filter((chunk) => chunk % 2 === 1 || chunk < CHUNKS_A_ROW));
    same();
    const standing = codesIn(db);
    new VectorCodes(index).renewAll();
    expect(codesIn(db)).toEqual(standing);
    const other = { ...spaceOf(2), model: 'other' };
    table.putVectors(other, new Map([['h400', Int8Array.of(1, 2)]]));
    same();
    table.answerBy(other);
    expect(codesIn(db)).toHaveLength(1);
    db.close();
  });
});
