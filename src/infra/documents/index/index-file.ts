import { existsSync, mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { makePrivate } from '../../engines/sqlite/private-file.ts';
import type { SearchedByVectors } from '../vectors/vector-index.ts';
import type { Indexed } from './document-index.ts';
import { IndexDatabase } from './index-database.ts';
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

/** What somebody who only looks finds in the index, and `nothing` where there is none. Throws Failures. */
function lookedUp<T>(path: string, nothing: T, look: (db: DatabaseSync) => T): T {
  const db = openToSearch(path);
  if (db === undefined) return nothing;
  try {
    return look(db);
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db.close();
  }
}

/** Throws Failures. */
export function holdsChunks(path: string): boolean {
  return lookedUp(path, false, (db) => db.prepare('SELECT 1 FROM places LIMIT 1').get() !== undefined);
}

/** The names of the sources there, in order. Throws Failures. */
export function sourceNames(path: string): readonly string[] {
  return lookedUp(path, [], (db) =>
    db
      .prepare('SELECT name FROM sources ORDER BY name')
      .all()
      .map(({ name }) => String(name)),
  );
}

/** How much is indexed there. Throws Failures. */
export function indexed(path: string): Indexed {
  return lookedUp(path, { sources: 0, documents: 0, refused: 0, chunks: 0 }, countsIn);
}

/** What there is of vectors. Throws Failures. */
export function vectorsOfFile(path: string): Omit<SearchedByVectors, 'searched'> {
  return lookedUp(path, { answering: undefined, chunks: 0, lacking: 0 }, (db) => {
    const { chunks } = countsIn(db);
    const table = new VectorTable(new IndexDatabase(db, path));
    const [answering] = table.spaces();
    return { answering, chunks, lacking: answering === undefined ? chunks : table.lacking(answering).chunks };
  });
}

const countsSchema = z.object({
  sources: z.number(),
  documents: z.number(),
  refused: z.number(),
  chunks: z.number(),
});

function countsIn(db: DatabaseSync): Indexed {
  const row = db
    .prepare(
      `SELECT (SELECT count(*) FROM sources) AS sources, (SELECT count(*) FROM chunks) AS chunks,
       (SELECT count(*) FROM documents WHERE state = 'indexed') AS documents,
       (SELECT count(*) FROM documents WHERE state = 'refused' AND code <> 'forgotten') AS refused`,
    )
    .get();
  return countsSchema.parse(row);
}
