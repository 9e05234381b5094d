import { z } from 'zod';
import {
  type Int8Vector,
  type SpaceTally,
  spaceTallySchema,
  type Unembedded,
  type VectorIndex,
  type VectorSpace,
} from '../vectors/vector-index.ts';
import type { IndexDatabase } from './index-database.ts';
import { VectorCodes } from './vector-codes.ts';

const flag = z.number().transform((value) => value === 1);
const spaceRow = spaceTallySchema.extend({ asked: flag, ready: flag });
const unembedded = z.object({ hash: z.string(), heading: z.string(), text: z.string() });
const lackingRow = z.object({ chunks: z.number(), characters: z.number() });

const SPACES = 'SELECT *, key_variable AS keyVariable FROM vector_spaces ORDER BY ready DESC, id DESC';
const OF_SPACE = '(SELECT id FROM vector_spaces WHERE model = ? AND dimensions = ?)';
const OTHER_SPACES = 'FROM vector_spaces WHERE model <> ? OR dimensions <> ?';
const ID_OF = 'coalesce((SELECT id FROM chunks WHERE hash = ?), 0)';
const WITHOUT = `FROM chunks c WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.space = ${OF_SPACE} AND v.chunk = c.id)`;

/** The vectors of an index on SQLite. They go with their chunks. */
export class VectorTable implements VectorIndex {
  readonly #db: IndexDatabase;
  readonly #codes: VectorCodes;

  constructor(db: IndexDatabase) {
    this.#db = db;
    this.#codes = new VectorCodes(db);
  }

  spaces(): readonly SpaceTally[] {
    // Whoever only searches makes no table that an older Millrace did not make.
    if (this.#db.all("SELECT 1 FROM sqlite_master WHERE name = 'vector_spaces'").length === 0) return [];
    return this.#db.all(SPACES).map((row) => spaceRow.parse(row));
  }

  lacking({ model, dimensions }: VectorSpace) {
    const sums =
      'SELECT count(*) AS chunks, coalesce(sum(length(c.heading) + length(c.text)), 0) AS characters';
    const [row] = this.#db.all(`${sums} ${WITHOUT}`, model, dimensions);
    return lackingRow.parse(row);
  }

  /** As they were put in: their vectors and codes then stand side by side. */
  without({ model, dimensions }: VectorSpace, limit: number, after: string): readonly Unembedded[] {
    const rows = this.#db.all(
      `SELECT c.hash, c.heading, c.text ${WITHOUT} AND c.id > ${ID_OF} ORDER BY c.id LIMIT ?`,
      ...[model, dimensions, after, limit],
    );
    return rows.map((row) => unembedded.parse(row));
  }

  putVectors(space: VectorSpace, vectors: ReadonlyMap<string, Int8Vector>): void {
    const { model, dimensions, asked, address, keyVariable } = space;
    this.#db.write(() => {
      this.#db.run(
        `INSERT INTO vector_spaces (model, dimensions, asked, address, key_variable) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (model, dimensions) DO UPDATE SET asked = excluded.asked, address = excluded.address,
         key_variable = excluded.key_variable`,
        ...[model, dimensions, asked ? 1 : 0, address, keyVariable],
      );
      const rows = [...vectors].flatMap(([hash, { buffer, byteOffset, length }]) =>
        this.#db.all(
          `INSERT INTO vectors (space, chunk, embedding) SELECT ${OF_SPACE}, id, ? FROM chunks WHERE hash = ?
           ON CONFLICT (space, chunk) DO UPDATE SET embedding = excluded.embedding RETURNING chunk`,
          ...[model, dimensions, new Uint8Array(buffer, byteOffset, length), hash],
        ),
      );
      this.#codes.renew(rows.map(({ chunk }) => Number(chunk)));
    });
  }

  /** Takes out those of the chunks, within the transaction that takes out the chunks. */
  drop(chunks: readonly number[]): void {
    const drop = (chunk: number) =>
      this.#db.run('DELETE FROM vectors WHERE space IN (SELECT id FROM vector_spaces) AND chunk = ?', chunk);
    this.#codes.drop(chunks.filter((chunk) => drop(chunk).changes > 0));
  }

  answerBy({ model, dimensions }: VectorSpace): void {
    this.#db.write(() => {
      const { changes } = this.#db.run(
        'UPDATE vector_spaces SET ready = 1 WHERE model = ? AND dimensions = ?',
        ...[model, dimensions],
      );
      if (changes === 0) return;
      for (const table of ['vectors', 'vector_codes'])
        this.#db.run(`DELETE FROM ${table} WHERE space IN (SELECT id ${OTHER_SPACES})`, model, dimensions);
      this.#db.run(`DELETE ${OTHER_SPACES}`, model, dimensions);
    });
  }
}
