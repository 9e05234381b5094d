import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import {
  type Int8Vector,
  type SpaceTally,
  spaceTallySchema,
  type Unembedded,
  type VectorIndex,
  type VectorSpace,
} from '../vectors/vector-index.ts';
import { VectorCodes } from './vector-codes.ts';

const flag = z.number().transform((value) => value === 1);
const spaceRow = spaceTallySchema.extend({ asked: flag, ready: flag });
const unembedded = z.object({ hash: z.string(), heading: z.string(), text: z.string() });
const lackingRow = z.object({ chunks: z.number(), characters: z.number() });

const SPACES = 'SELECT *, key_variable AS keyVariable FROM vector_spaces ORDER BY ready DESC, id DESC';
const OF_SPACE = '(SELECT id FROM vector_spaces WHERE model = ? AND dimensions = ?)';
const ID_OF = 'coalesce((SELECT id FROM chunks WHERE hash = ?), 0)';
const WITHOUT = `FROM chunks c WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.space = ${OF_SPACE} AND v.chunk = c.id)`;

/** The spaces of an index, which one answers first. Throws errors of SQLite. */
export function spacesIn(db: DatabaseSync): readonly SpaceTally[] {
  // Whoever only searches makes no table that an older Millrace did not make.
  if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'vector_spaces'").get() === undefined) return [];
  const rows = db.prepare(SPACES).all();
  return rows.map((row) => spaceRow.parse(row));
}

/** The vectors of an index on SQLite. They go with their chunks. */
export class VectorTable implements VectorIndex {
  readonly #db: DatabaseSync;
  readonly #write: (write: () => void) => void;
  readonly #codes: VectorCodes;

  /** @param write a transaction that waits for its turn, and classifies what goes wrong. */
  constructor(db: DatabaseSync, write: (write: () => void) => void) {
    this.#db = db;
    this.#write = write;
    this.#codes = new VectorCodes(db);
  }

  spaces(): readonly SpaceTally[] {
    return spacesIn(this.#db);
  }

  lacking({ model, dimensions }: VectorSpace) {
    const sums = `SELECT count(*) AS chunks, coalesce(sum(length(c.heading) + length(c.text)), 0) AS characters`;
    return lackingRow.parse(this.#db.prepare(`${sums} ${WITHOUT}`).get(model, dimensions));
  }

  /** As they were put in: their vectors and codes then stand side by side. */
  without({ model, dimensions }: VectorSpace, limit: number, after: string): readonly Unembedded[] {
    const rows = this.#db
      .prepare(`SELECT c.hash, c.heading, c.text ${WITHOUT} AND c.id > ${ID_OF} ORDER BY c.id LIMIT ?`)
      .all(model, dimensions, after, limit);
    return rows.map((row) => unembedded.parse(row));
  }

  putVectors(space: VectorSpace, vectors: ReadonlyMap<string, Int8Vector>): void {
    const { model, dimensions, asked, address, keyVariable } = space;
    this.#write(() => {
      this.#db
        .prepare(
          `INSERT INTO vector_spaces (model, dimensions, asked, address, key_variable) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (model, dimensions) DO UPDATE SET asked = excluded.asked, address = excluded.address,
           key_variable = excluded.key_variable`,
        )
        .run(model, dimensions, asked ? 1 : 0, address, keyVariable);
      const put = this.#db.prepare(
        `INSERT INTO vectors (space, chunk, embedding) SELECT ${OF_SPACE}, id, ? FROM chunks WHERE hash = ?
         ON CONFLICT (space, chunk) DO UPDATE SET embedding = excluded.embedding RETURNING chunk`,
      );
      const putOne = ([hash, { buffer, byteOffset, length }]: readonly [string, Int8Vector]) =>
        put.all(model, dimensions, new Uint8Array(buffer, byteOffset, length), hash);
      const rows = [...vectors].flatMap(putOne);
      this.#codes.renew(rows.map(({ chunk }) => Number(chunk)));
    });
  }

  /** Takes out those of the chunks, within the transaction that takes out the chunks. */
  drop(chunks: readonly number[]): void {
    const drop = this.#db.prepare(
      'DELETE FROM vectors WHERE space IN (SELECT id FROM vector_spaces) AND chunk = ?',
    );
    this.#codes.drop(chunks.filter((chunk) => drop.run(chunk).changes > 0));
  }

  answerBy({ model, dimensions }: VectorSpace): void {
    this.#write(() => {
      const { changes } = this.#db
        .prepare('UPDATE vector_spaces SET ready = 1 WHERE model = ? AND dimensions = ?')
        .run(model, dimensions);
      if (changes === 0) return;
      for (const table of ['vectors', 'vector_codes'])
        this.#db.prepare(`DELETE FROM ${table} WHERE space <> ${OF_SPACE}`).run(model, dimensions);
      this.#db
        .prepare('DELETE FROM vector_spaces WHERE model <> ? OR dimensions <> ?')
        .run(model, dimensions);
    });
  }
}
