import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { Failure } from '../../../../streams/failure.ts';
import {
  type DocumentIndex,
  INDEXING,
  type Indexed,
  type KnownDocument,
  knownDocumentSchema,
  type ReadDocument,
  SOURCE_LEASE_MS,
  type Source,
  type SourceTally,
  sourceSchema,
} from '../../../documents/index/document-index.ts';
import { operation } from '../operation.ts';
import { ChunkStore } from './chunk-store.ts';
import { documentKey, type IndexCollections, indexCollectionsOf } from './documents.ts';
import { FREE, freeFor, leased } from './lease.ts';
import { PlaceStore } from './place-store.ts';
import { VectorStore } from './vector-store.ts';

/** Each has a few hundred words to index: on a busy server many more would take longer than an answer may. */
const CHUNKS_AT_ONCE = 200;
/** Facts that no file has: whoever is killed while its places change leaves a document that is read again. */
const HALF = { bytes: -1, mtimeMs: -1, fileHash: '', textHash: '' };

/**
 * The index on MongoDB, where no transaction is needed: a document stands as half done while its places and chunks change, and the next
 * `add` reads it again. Every write may be repeated. Rejects with Failures.
 */
export class MongoSourceIndex implements DocumentIndex {
  readonly #index: IndexCollections;
  readonly #chunks: ChunkStore;
  readonly #places: PlaceStore;
  readonly vectors: VectorStore;
  readonly #close: () => Promise<void>;
  readonly #writer = randomUUID();

  constructor(db: Db, close: () => Promise<void>) {
    const index = indexCollectionsOf(db);
    this.#index = index;
    this.vectors = new VectorStore(db);
    this.#places = new PlaceStore(index.places);
    this.#chunks = new ChunkStore(index.chunks, this.#places);
    this.#close = close;
  }

  async sources(): Promise<readonly SourceTally[]> {
    const rows = await operation('listing the sources', () =>
      this.#index.sources.find().sort({ _id: 1 }).toArray(),
    );
    return Promise.all(rows.map(async (row) => ({ ...sourceOf(row), ...(await this.#tally(row._id)) })));
  }

  async source(name: string): Promise<Source | undefined> {
    const row = await operation('reading a source', () => this.#index.sources.findOne({ _id: name }));
    return row === null ? undefined : sourceOf(row);
  }

  async documents(name: string): Promise<ReadonlyMap<string, KnownDocument>> {
    const rows = await operation('listing the documents of a source', () =>
      this.#index.documents.find({ source: name }).sort({ path: 1 }).toArray(),
    );
    return new Map(rows.map((row) => [row.path, knownDocumentSchema.parse(row)]));
  }

  knownChunks(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#places.known(hashes);
  }

  async begin(source: Source): Promise<void> {
    const { name, root, addedAt } = source;
    const settings = settingsOf(source);
    const fresh = { ...settings, root, addedAt, ...FREE, half: false };
    const { sources } = this.#index;
    await operation('adding a source', () =>
      sources.updateOne({ _id: name }, { $setOnInsert: fresh }, { upsert: true }),
    );
    const before = await operation('taking a source', () =>
      sources.findOneAndUpdate({ _id: name, ...freeFor(this.#writer) }, [
        { $set: { writer: this.#writer, half: true, writerUntil: leased() } },
      ]),
    );
    if (before === null) throw bad(INDEXING.elsewhere(name, SOURCE_LEASE_MS / 1_000));
    await operation('taking a source', () => sources.updateOne({ _id: name }, { $set: settings }));
    if (before.half) await this.#chunks.dropAllUnplaced();
  }

  async end(name: string): Promise<void> {
    const free = { half: false, writerUntil: FREE.writerUntil };
    await operation('giving a source free', () =>
      this.#index.sources.updateOne({ _id: name, writer: this.#writer }, { $set: free }),
    );
  }

  async put(name: string, documents: readonly ReadDocument[]): Promise<number> {
    const put = randomUUID();
    const placed = documents.flatMap(({ document, chunks = [] }) =>
      chunks.map((chunk, n) => ({ document: documentKey(name, document.path), n, chunk })),
    );
    const read = documents.flatMap(({ document, chunks }) => (chunks === undefined ? [] : [document]));
    const keys = read.map(({ path }) => documentKey(name, path));
    await this.#putDocuments(
      name,
      read.map((document) => ({ ...document, ...HALF })),
    );
    const old = await this.#places.chunksOf(keys);
    let made = 0;
    for (let at = 0; at < placed.length; at += CHUNKS_AT_ONCE) {
      const some = placed.slice(at, at + CHUNKS_AT_ONCE);
      // Places first: a chunk that is wanted again has one before anybody can find that it has none.
      await this.#places.put(name, some, put);
      made += await this.#chunks.put(
        some.map(({ chunk }) => chunk),
        put,
      );
      await this.#renew(name);
    }
    await this.#places.dropOld(keys, put);
    await this.#chunks.dropUnplaced(old);
    await this.#putDocuments(
      name,
      documents.map(({ document }) => document),
    );
    await this.#renew(name);
    return made;
  }

  async drop(name: string, path: string): Promise<void> {
    const key = documentKey(name, path);
    const old = await this.#places.chunksOf([key]);
    await this.#places.dropAll(key);
    await this.#chunks.dropUnplaced(old);
    await operation('dropping a document', () => this.#index.documents.deleteOne({ _id: key }));
    await this.#renew(name);
  }

  async remove(name: string): Promise<void> {
    for (const path of (await this.documents(name)).keys()) await this.drop(name, path);
    await operation('removing a source', () => this.#index.sources.deleteOne({ _id: name }));
  }

  /** Of all sources together. */
  async size(): Promise<Indexed> {
    const sources = await this.sources();
    const sum = (of: 'documents' | 'refused') => sources.reduce((total, each) => total + each[of], 0);
    return {
      sources: sources.length,
      documents: sum('documents'),
      refused: sum('refused'),
      chunks: await this.#chunks.count(),
    };
  }

  async holdsChunks(): Promise<boolean> {
    return (await this.#chunks.count()) > 0;
  }

  /** Journal, oplog and free blocks are the server's: they go by and by. */
  async shred(): Promise<void> {}

  async close(): Promise<void> {
    await this.#close();
  }

  async #tally(name: string): Promise<Pick<SourceTally, 'documents' | 'refused' | 'chunks'>> {
    const rows = await operation('counting the documents of a source', () =>
      this.#index.documents
        .aggregate<{ _id: string; count: number }>([
          { $match: { source: name, code: { $ne: 'forgotten' } } },
          { $group: { _id: '$state', count: { $sum: 1 } } },
        ])
        .toArray(),
    );
    const counts = new Map(rows.map(({ _id, count }) => [_id, count]));
    return {
      documents: counts.get('indexed') ?? 0,
      refused: counts.get('refused') ?? 0,
      chunks: await this.#places.countChunks(name),
    };
  }

  async #putDocuments(name: string, documents: readonly KnownDocument[]): Promise<void> {
    const operations = documents.map((document) => ({
      updateOne: {
        filter: { _id: documentKey(name, document.path) },
        update: { $set: { source: name, ...document } },
        upsert: true,
      },
    }));
    if (operations.length === 0) return;
    await operation('putting documents', () =>
      this.#index.documents.bulkWrite(operations, { ordered: false }),
    );
  }

  async #renew(name: string): Promise<void> {
    const { matchedCount } = await operation('renewing a lease', () =>
      this.#index.sources.updateOne({ _id: name, writer: this.#writer }, [
        { $set: { writerUntil: leased() } },
      ]),
    );
    if (matchedCount === 0) throw bad(INDEXING.takenOver(name));
  }
}

function bad(message: string): Failure {
  return new Failure('fatal', 'bad_source', message);
}

/** What the same command may change. */
function settingsOf({ include, exclude, license, fields: { text, title } }: Source) {
  const fields = { ...(text === undefined ? {} : { text }), ...(title === undefined ? {} : { title }) };
  return { include, exclude, license, fields };
}

function sourceOf(row: Readonly<{ _id: string }>): Source {
  return sourceSchema.parse({ ...row, name: row._id });
}
