import { randomUUID } from 'node:crypto';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import type { Chunk } from '../text/chunks.ts';
import { ChunkTable } from './chunk-table.ts';
import {
  type DocumentIndex,
  INDEXING,
  type KnownDocument,
  knownDocumentSchema,
  type ReadDocument,
  SOURCE_LEASE_MS,
  type Source,
  type SourceTally,
} from './document-index.ts';
import { IndexDatabase } from './index-database.ts';
import { openToWrite } from './index-file.ts';
import { sourceOf } from './source-rows.ts';
import { VectorTable } from './vector-table.ts';

/** A transaction that others wait for stays short. */
const CHUNKS_AT_ONCE = 150;

/** The index on SQLite: new chunks first, then the places of a document in one transaction, then what has no place any more goes. */
export class SourceIndex implements DocumentIndex {
  readonly #db: IndexDatabase;
  readonly #writer = randomUUID();
  readonly vectors: VectorTable;
  readonly #chunks: ChunkTable;

  constructor(path: string, directory: string) {
    this.#db = new IndexDatabase(openToWrite(path, directory), path);
    this.vectors = new VectorTable(this.#db);
    this.#chunks = new ChunkTable(this.#db, this.vectors);
  }

  sources(): readonly SourceTally[] {
    const rows = this.#db.all(
      `SELECT s.*, (SELECT count(*) FROM documents d WHERE d.source = s.id AND d.state = 'indexed') AS documents,
       (SELECT count(*) FROM documents d WHERE d.source = s.id AND d.state = 'refused' AND d.code <> 'forgotten') AS refused,
       (SELECT count(DISTINCT p.chunk) FROM documents d JOIN places p ON p.document = d.id WHERE d.source = s.id) AS chunks
       FROM sources s ORDER BY s.name`,
    );
    const counts = z.object({ documents: z.number(), refused: z.number(), chunks: z.number() });
    return rows.map((row) => ({ ...sourceOf(row), ...counts.parse(row) }));
  }

  source(name: string): Source | undefined {
    const [row] = this.#db.all('SELECT * FROM sources WHERE name = ?', name);
    return row === undefined ? undefined : sourceOf(row);
  }

  /** By path. */
  documents(name: string): ReadonlyMap<string, KnownDocument> {
    const rows = this.#db.all(
      `SELECT d.*, d.mtime_ms AS mtimeMs, d.file_hash AS fileHash, d.text_hash AS textHash
       FROM documents d JOIN sources s ON s.id = d.source WHERE s.name = ? ORDER BY d.path`,
      name,
    );
    const documents = rows.map((row) => knownDocumentSchema.parse(row));
    return new Map(documents.map((document) => [document.path, document]));
  }

  knownChunks(hashes: readonly string[]): ReadonlySet<string> {
    return this.#chunks.known(hashes);
  }

  /** Takes the source for this writer, and keeps what it is. Throws a Failure (`bad_source`) where another is writing it. */
  begin({ name, root, include, exclude, license, fields, addedAt }: Source): void {
    this.#db.write(() => {
      this.#db.run(
        `INSERT INTO sources (name, root, include, exclude, license, fields, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET include = excluded.include, exclude = excluded.exclude, license = excluded.license,
         fields = excluded.fields`,
        ...[
          name,
          root,
          JSON.stringify(include),
          JSON.stringify(exclude),
          license,
          JSON.stringify(fields),
          addedAt,
        ],
      );
      const now = Date.now();
      const { changes } = this.#db.run(
        'UPDATE sources SET writer = ?, writer_until_ms = ? WHERE name = ? AND (writer = ? OR writer_until_ms < ?)',
        ...[this.#writer, now + SOURCE_LEASE_MS, name, this.#writer, now],
      );
      if (changes === 0)
        throw new Failure('fatal', 'bad_source', INDEXING.elsewhere(name, this.#secondsOf(name, now)));
    });
  }

  #secondsOf(name: string, now: number): number {
    const [row] = this.#db.all('SELECT writer_until_ms AS until FROM sources WHERE name = ?', name);
    return Math.ceil((z.object({ until: z.number() }).parse(row).until - now) / 1_000);
  }

  /** Gives the source free for other writers. */
  end(name: string): void {
    this.#db.write(() =>
      this.#db.run(
        'UPDATE sources SET writer_until_ms = 0 WHERE name = ? AND writer = ?',
        name,
        this.#writer,
      ),
    );
    this.#dropAllUnplaced();
  }

  /** What else the thread does has its turn between the transactions. */
  async put(name: string, documents: readonly ReadDocument[]): Promise<number> {
    const all = documents.flatMap(({ chunks = [] }) => chunks);
    let made = 0;
    const first = Math.max(0, all.length - CHUNKS_AT_ONCE);
    for (let at = 0; at < first; at += CHUNKS_AT_ONCE) {
      this.#db.write(() => {
        made += this.#chunks.put(all.slice(at, Math.min(first, at + CHUNKS_AT_ONCE)));
        this.#renew(name);
      });
      await othersTurn();
    }
    // The last of them, which are most often all, with the documents: a commit has a price. The first may have gone with another source.
    this.#db.write(() => {
      // Words before ids: each row that answers with its id has SQLite write out the words that it was given so far.
      made += this.#chunks.put(all);
      this.#chunks.dropUnplaced(documents.flatMap((read) => this.#putRead(name, read)));
      this.#renew(name);
    });
    await this.#chunks.mergeWords();
    return made;
  }

  /** Returns the chunks that it had before, where they may be others now. */
  #putRead(name: string, { document, chunks }: ReadDocument): readonly number[] {
    const id = this.#putDocument(name, document);
    if (chunks === undefined) return [];
    const old = this.#placesOf(id);
    this.#db.run('DELETE FROM places WHERE document = ?', id);
    for (const [n, chunk] of chunks.entries()) this.#putPlace(id, n, chunk);
    return old;
  }

  drop(name: string, path: string): void {
    this.#db.write(() => {
      const [row] = this.#db.all(
        'SELECT d.id FROM documents d JOIN sources s ON s.id = d.source WHERE s.name = ? AND d.path = ?',
        ...[name, path],
      );
      if (row === undefined) return;
      const id = Number(row['id']);
      const old = this.#placesOf(id);
      this.#db.run('DELETE FROM places WHERE document = ?', id);
      this.#db.run('DELETE FROM documents WHERE id = ?', id);
      this.#chunks.dropUnplaced(old);
      this.#renew(name);
    });
  }

  /** Takes the source out, with everything that only it has. */
  remove(name: string): void {
    for (const path of this.documents(name).keys()) this.drop(name, path);
    this.#db.write(() => this.#db.run('DELETE FROM sources WHERE name = ?', name));
    this.#dropAllUnplaced();
  }

  shred(): void {
    this.#db.shred();
  }

  close(): void {
    this.#db.close();
  }

  #putDocument(name: string, document: KnownDocument): number {
    const { path, title, bytes, mtimeMs, fileHash, textHash, extractor, state, code, message, at } = document;
    const [row] = this.#db.all(
      `INSERT INTO documents (source, path, title, bytes, mtime_ms, file_hash, text_hash, extractor, state, code, message, at)
       VALUES ((SELECT id FROM sources WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (source, path) DO UPDATE SET title = excluded.title, bytes = excluded.bytes, mtime_ms = excluded.mtime_ms,
       file_hash = excluded.file_hash, text_hash = excluded.text_hash, extractor = excluded.extractor, state = excluded.state,
       code = excluded.code, message = excluded.message, at = excluded.at RETURNING id`,
      ...[name, path, title, bytes, mtimeMs, fileHash, textHash, extractor, state, code, message, at],
    );
    return Number(row?.['id']);
  }

  #putPlace(document: number, n: number, chunk: Chunk): void {
    const { hash, start, end, page, row, line, toLine } = chunk;
    this.#db.run(
      `INSERT INTO places (document, n, chunk, start, "end", page, row, line, to_line)
       VALUES (?, ?, (SELECT id FROM chunks WHERE hash = ?), ?, ?, ?, ?, ?, ?)`,
      ...[document, n, hash, start, end, page ?? null, row ?? null, line ?? null, toLine ?? null],
    );
  }

  #placesOf(document: number): readonly number[] {
    const rows = this.#db.all('SELECT DISTINCT chunk FROM places WHERE document = ?', document);
    return rows.map(({ chunk }) => Number(chunk));
  }

  /**
   * What was left by whoever was killed within a document. Not beside another writer, who may be within one: then whoever ends last
   * does it.
   */
  #dropAllUnplaced(): void {
    const unplaced = this.#chunks.unplaced();
    for (let at = 0; at < unplaced.length; at += CHUNKS_AT_ONCE)
      this.#db.write(() => {
        if (this.#db.all('SELECT 1 FROM sources WHERE writer_until_ms > ?', Date.now()).length > 0) return;
        this.#chunks.dropUnplaced(unplaced.slice(at, at + CHUNKS_AT_ONCE));
      });
  }

  #renew(name: string): void {
    const { changes } = this.#db.run(
      'UPDATE sources SET writer_until_ms = ? WHERE name = ? AND writer = ?',
      ...[Date.now() + SOURCE_LEASE_MS, name, this.#writer],
    );
    if (changes === 0) throw new Failure('fatal', 'bad_source', INDEXING.takenOver(name));
  }
}
