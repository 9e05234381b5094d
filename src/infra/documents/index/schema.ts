import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../../streams/failure.ts';
import { IndexDatabase } from './index-database.ts';
import { VectorCodes } from './vector-codes.ts';

/** Of splitter and word breaker: with another one the chunks of old documents are not those of new ones. */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE sources (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, root TEXT NOT NULL, include TEXT NOT NULL, exclude TEXT NOT NULL,
  license TEXT NOT NULL, added_at TEXT NOT NULL, writer TEXT NOT NULL DEFAULT '', writer_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL, file_hash TEXT NOT NULL, text_hash TEXT NOT NULL, extractor TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('indexed', 'refused')), code TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL,
  UNIQUE (source, path)
) STRICT;
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, heading TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE places (
  document INTEGER NOT NULL, n INTEGER NOT NULL, chunk INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  page INTEGER, line INTEGER, to_line INTEGER, PRIMARY KEY (document, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX places_of_chunk ON places (chunk);
CREATE VIRTUAL TABLE chunk_index USING fts5 (
  terms, heading, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO chunk_index (chunk_index, rank) VALUES ('rank', 'bm25(1.0, 2.0)');
CREATE VIRTUAL TABLE chunk_words USING fts5vocab (chunk_index, 'row');
`,
  // Rows of tables, and which of their columns are texts.
  `ALTER TABLE places ADD COLUMN row INTEGER; ALTER TABLE sources ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';`,
  // Parts of the index are merged by who writes it, many at once: SQLite itself would merge four after each commit, and all words five times.
  `INSERT INTO chunk_index (chunk_index, rank) VALUES ('automerge', 0), ('usermerge', 16), ('crisismerge', 64);`,
  // Plain rows, and no table of an extension: whoever takes text out can take its vectors out, whatever is installed.
  `
CREATE TABLE vector_spaces (
  id INTEGER PRIMARY KEY, model TEXT NOT NULL, dimensions INTEGER NOT NULL, asked INTEGER NOT NULL, address TEXT NOT NULL,
  key_variable TEXT NOT NULL, ready INTEGER NOT NULL DEFAULT 0, UNIQUE (model, dimensions)
) STRICT;
CREATE TABLE vectors (
  space INTEGER NOT NULL, chunk INTEGER NOT NULL, embedding BLOB NOT NULL, PRIMARY KEY (space, chunk)
) STRICT, WITHOUT ROWID;
`,
  // Made of the vectors, of so many chunks a row: a search reads these.
  `
CREATE TABLE vector_codes (
  id INTEGER PRIMARY KEY, space INTEGER NOT NULL, n INTEGER NOT NULL, codes BLOB NOT NULL, UNIQUE (space, n)
) STRICT;
`,
];

/** Makes the tables that are missing. Throws a Failure (`newer_data`) for a file of a newer Millrace. */
export function migrate(db: DatabaseSync, path: string): void {
  const version = () => Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version() > MIGRATIONS.length)
    throw new Failure('fatal', 'newer_data', `${path} was written by a newer Millrace: update Millrace.`);
  if (version() === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  const missing = MIGRATIONS.slice(version());
  db.exec(`${missing.join(';\n')}; PRAGMA user_version = ${MIGRATIONS.length};`);
  new VectorCodes(new IndexDatabase(db, path)).renewAll();
  db.exec('COMMIT');
}
