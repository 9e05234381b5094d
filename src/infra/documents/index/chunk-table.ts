import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Chunk } from '../text/chunks.ts';
import { termsOf } from '../text/words.ts';
import type { IndexDatabase } from './index-database.ts';
import type { VectorTable } from './vector-table.ts';

/** Pages of the index that are merged in one transaction. */
const PAGES_AT_ONCE = 150;

/** The texts that are searched, each once, wherever it stands, with their words. */
export class ChunkTable {
  readonly #db: IndexDatabase;
  readonly #vectors: VectorTable;

  constructor(db: IndexDatabase, vectors: VectorTable) {
    this.#db = db;
    this.#vectors = vectors;
  }

  /** Those of the chunks that stand in a document. */
  known(hashes: readonly string[]): ReadonlySet<string> {
    const rows = this.#db.all(
      `SELECT hash FROM chunks c WHERE hash IN (SELECT value FROM json_each(?))
       AND EXISTS (SELECT 1 FROM places WHERE chunk = c.id)`,
      JSON.stringify(hashes),
    );
    return new Set(rows.map((row) => String(row['hash'])));
  }

  /** Answers how many were new. Within a transaction. */
  put(chunks: readonly Chunk[]): number {
    return chunks.reduce((made, chunk) => made + this.#putOne(chunk), 0);
  }

  /** Those that stand nowhere. */
  unplaced(): readonly number[] {
    const rows = this.#db.all(
      'SELECT id FROM chunks c WHERE NOT EXISTS (SELECT 1 FROM places WHERE chunk = c.id)',
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Drops those among them that stand nowhere, with their words and vectors. Within a transaction. */
  dropUnplaced(chunks: readonly number[]): void {
    const isPlaced = (chunk: number) =>
      this.#db.all('SELECT 1 FROM places WHERE chunk = ? LIMIT 1', chunk).length > 0;
    const unplaced = chunks.filter((chunk) => !isPlaced(chunk));
    if (unplaced.length === 0) return;
    this.#vectors.drop(unplaced);
    for (const chunk of unplaced) {
      this.#db.run('DELETE FROM chunk_index WHERE rowid = ?', chunk);
      this.#db.run('DELETE FROM chunks WHERE id = ?', chunk);
    }
  }

  /** Puts parts of the index together where there are many. Every search looks into each of them. */
  async mergeWords(): Promise<void> {
    for (;;) {
      await othersTurn();
      const before = this.#changes();
      this.#db.write(() =>
        this.#db.run("INSERT INTO chunk_index (chunk_index, rank) VALUES ('merge', ?)", PAGES_AT_ONCE),
      );
      // https://www.sqlite.org/fts5.html#the_merge_command
      if (this.#changes() - before < 2) return;
    }
  }

  #changes(): number {
    return Number(this.#db.all('SELECT total_changes() AS count')[0]?.['count']);
  }

  #putOne({ hash, heading, text }: Chunk): number {
    const { changes, lastInsertRowid } = this.#db.run(
      'INSERT INTO chunks (hash, heading, text) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING',
      ...[hash, heading, text],
    );
    if (changes === 0) return 0;
    this.#db.run(
      'INSERT INTO chunk_index (rowid, terms, heading) VALUES (?, ?, ?)',
      ...[lastInsertRowid, termsOf(text), termsOf(heading)],
    );
    return 1;
  }
}
