import { z } from 'zod';
import { codeBytes, writeCode } from '../vectors/two-bit-code.ts';
import type { IndexDatabase } from './index-database.ts';

/** Chunks whose codes stand in one row: to read a row costs more than to look at what it holds. */
export const CHUNKS_A_ROW = 128;

const spaceSchema = z.object({ id: z.number(), dimensions: z.number() });
const storedSchema = z.object({ id: z.number(), codes: z.instanceof(Uint8Array) });
const vectorSchema = z.object({ chunk: z.number(), embedding: z.instanceof(Uint8Array) });

/** The vectors of an index in short, many in a row: made of the vectors, and made anew of them wherever one comes. */
export class VectorCodes {
  readonly #db: IndexDatabase;

  constructor(db: IndexDatabase) {
    this.#db = db;
  }

  /** Within the transaction in which vectors of these chunks came or went. */
  renew(chunks: readonly number[]): void {
    if (chunks.length === 0) return;
    const rows = new Set(chunks.map(rowOf));
    const spaces = this.#db.all('SELECT id, dimensions FROM vector_spaces');
    for (const space of spaces.map((each) => spaceSchema.parse(each)))
      for (const row of rows) this.#renewRow(space, row);
  }

  /** Within the transaction in which the vectors of these chunks go: the codes beside theirs stay as they are. */
  drop(chunks: readonly number[]): void {
    for (const [n, gone] of Map.groupBy(chunks, rowOf))
      for (const { id, codes } of this.#rowsAt(n)) {
        const bytes = codes.length / CHUNKS_A_ROW;
        for (const chunk of gone) {
          const start = (chunk - n * CHUNKS_A_ROW) * bytes;
          codes.fill(0, start, start + bytes);
        }
        if (codes.every((byte) => byte === 0)) this.#db.run('DELETE FROM vector_codes WHERE id = ?', id);
        else this.#db.run('UPDATE vector_codes SET codes = ? WHERE id = ?', codes, id);
      }
  }

  /** Makes all of them. */
  renewAll(): void {
    const firsts = this.#db.all(
      `SELECT DISTINCT chunk / ${CHUNKS_A_ROW} * ${CHUNKS_A_ROW} AS chunk FROM vectors`,
    );
    this.renew(firsts.map(({ chunk }) => Number(chunk)));
  }

  /** One of each space. */
  #rowsAt(n: number) {
    const rows = this.#db.all(
      'SELECT id, codes FROM vector_codes WHERE space IN (SELECT id FROM vector_spaces) AND n = ?',
      n,
    );
    return rows.map((row) => storedSchema.parse(row));
  }

  #renewRow({ id, dimensions }: z.output<typeof spaceSchema>, row: number): void {
    const first = row * CHUNKS_A_ROW;
    const found = this.#db.all(
      'SELECT chunk, embedding FROM vectors WHERE space = ? AND chunk BETWEEN ? AND ? AND length(embedding) = ?',
      ...[id, first, first + CHUNKS_A_ROW - 1, dimensions],
    );
    if (found.length === 0) {
      this.#db.run('DELETE FROM vector_codes WHERE space = ? AND n = ?', id, row);
      return;
    }
    const bytes = codeBytes(dimensions);
    const codes = new Uint8Array(CHUNKS_A_ROW * bytes);
    for (const { chunk, embedding } of found.map((each) => vectorSchema.parse(each))) {
      const start = (chunk - first) * bytes;
      const vector = new Int8Array(embedding.buffer, embedding.byteOffset, embedding.length);
      writeCode(vector, codes.subarray(start, start + bytes));
    }
    this.#db.run(
      `INSERT INTO vector_codes (space, n, codes) VALUES (?, ?, ?)
       ON CONFLICT (space, n) DO UPDATE SET codes = excluded.codes`,
      ...[id, row, codes],
    );
  }
}

function rowOf(chunk: number): number {
  return Math.floor(chunk / CHUNKS_A_ROW);
}
