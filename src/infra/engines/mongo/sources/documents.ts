import type { Binary, Db } from 'mongodb';
import type { KnownDocument, Source } from '../../../documents/index/document-index.ts';
import type { Chunk } from '../../../documents/text/chunks.ts';
import type { SpaceTally } from '../../../documents/vectors/vector-index.ts';

/** `half`: whoever began to write it has not ended, so chunks without a place may stand. */
type SourceRow = Omit<Source, 'name'> &
  Readonly<{ _id: string; writer: string; writerUntil: Date; half: boolean }>;

type DocumentRow = KnownDocument & Readonly<{ _id: string; source: string }>;

/** `put`: of the last time that somebody wanted it there: who drops a chunk drops it as it was when it had no place. */
export type ChunkRow = Readonly<{
  _id: string;
  heading: string;
  text: string;
  terms: string;
  headingTerms: string;
  /** Each of both once, as the index has them. */
  words: readonly string[];
  number: number;
  put: string;
  /** By the key of their space. Absent where nobody made any. */
  vectors?: Readonly<Record<string, Binary>>;
}>;

/** A chunk as a search reads it. */
export type FoundChunk = Omit<ChunkRow, 'words' | 'number'>;

/** Vectors of one model, by the key of their space. */
export type SpaceRow = SpaceTally & Readonly<{ _id: string; at: Date }>;

/** A chunk, as which of its document it stands there, and where. `put`: of the time that its document was read. */
export type PlaceRow = Omit<Chunk, 'hash' | 'heading' | 'text'> &
  Readonly<{ _id: string; source: string; document: string; n: number; chunk: string; put: string }>;

export type IndexCollections = ReturnType<typeof indexCollectionsOf>;

export const CHUNKS = 'chunks';

export function indexCollectionsOf(db: Db) {
  return {
    sources: db.collection<SourceRow>('sources'),
    documents: db.collection<DocumentRow>('documents'),
    chunks: db.collection<ChunkRow>(CHUNKS),
    places: db.collection<PlaceRow>('places'),
    vectorSpaces: db.collection<SpaceRow>('vector_spaces'),
  } as const;
}

/** A document by its source, whose name holds no slash, and its path. */
export function documentKey(source: string, path: string): string {
  return `${source}/${path}`;
}
