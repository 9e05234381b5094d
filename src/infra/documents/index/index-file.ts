import { existsSync, mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { makePrivate } from '../../engines/sqlite/private-file.ts';
import type { SpaceTally } from '../vectors/vector-index.ts';
import { migrate } from './schema.ts';
import { VectorTable } from './vector-table.ts';

const BUSY_TIMEOUT_MS = 10_000;

/** Opens the index to write, and makes it where there is none. Throws Failures. */
export function openToWrite(path: string, directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    makePrivate(path);
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    migrate(db, path);
    return db;
  } catch (error) {
    throw classifySqlite(error, path);
  }
}

/** Opens the index to search; `undefined` where there is none. Throws Failures. */
export function openToSearch(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw classifySqlite(error, path);
  }
}

export function holdsChunks(path: string): boolean {
  const db = openToSearch(path);
  try {
    return db?.prepare('SELECT 1 FROM places LIMIT 1').get() !== undefined;
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db?.close();
  }
}

const countsSchema = z.object({
  sources: z.number(),
  documents: z.number(),
  refused: z.number(),
  chunks: z.number(),
});

/** How much is indexed there. Throws Failures. */
export function indexed(path: string): Readonly<z.output<typeof countsSchema>> {
  const db = openToSearch(path);
  if (db === undefined) return { sources: 0, documents: 0, refused: 0, chunks: 0 };
  try {
    const row = db
      .prepare(
        `SELECT (SELECT count(*) FROM sources) AS sources, (SELECT count(*) FROM chunks) AS chunks,
         (SELECT count(*) FROM documents WHERE state = 'indexed') AS documents,
         (SELECT count(*) FROM documents WHERE state = 'refused' AND code <> 'forgotten') AS refused`,
      )
      .get();
    return countsSchema.parse(row);
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db.close();
  }
}

/** What there is of vectors. Throws Failures. */
export function vectorsOfFile(
  path: string,
): Readonly<{ answering: SpaceTally | undefined; chunks: number; lacking: number }> {
  const { chunks } = indexed(path);
  const db = openToSearch(path);
  if (db === undefined) return { answering: undefined, chunks, lacking: chunks };
  try {
    const table = new VectorTable(db, () => undefined);
    const [answering] = table.spaces();
    return { answering, chunks, lacking: answering === undefined ? chunks : table.lacking(answering).chunks };
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db.close();
  }
}

const named = z.object({ name: z.string() });

/** The names of the sources there, in order. Throws Failures. */
export function sourceNames(path: string): readonly string[] {
  const db = openToSearch(path);
  try {
    const rows = db?.prepare('SELECT name FROM sources ORDER BY name').all() ?? [];
    return rows.map((row) => named.parse(row).name);
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db?.close();
  }
}
