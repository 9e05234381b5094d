import type { Binary, Collection, Db } from 'mongodb';
import { z } from 'zod';

export const sourceRow = z.object({
  _id: z.string(),
  root: z.string(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  license: z.string(),
  fields: z.object({ text: z.string().optional(), title: z.string().optional() }),
  addedAt: z.string(),
});

/** `half`: whoever began to write it has not ended, so chunks without a place may stand. */
type SourceRow = z.output<typeof sourceRow> & Readonly<{ writer: string; writerUntil: Date; half: boolean }>;

export const documentRow = z.object({
  _id: z.string(),
  source: z.string(),
  path: z.string(),
  title: z.string(),
  bytes: z.number(),
  mtimeMs: z.number(),
  fileHash: z.string(),
  textHash: z.string(),
  extractor: z.string(),
  state: z.enum(['indexed', 'refused']),
  code: z.string(),
  message: z.string(),
  at: z.string(),
});
type DocumentRow = z.output<typeof documentRow>;

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

/** Vectors of one model. */
export type SpaceRow = Readonly<{
  _id: string;
  model: string;
  dimensions: number;
  asked: boolean;
  address: string;
  keyVariable: string;
  ready: boolean;
  at: Date;
}>;

export const placeRow = z.object({
  _id: z.string(),
  source: z.string(),
  document: z.string(),
  n: z.number(),
  chunk: z.string(),
  start: z.number(),
  end: z.number(),
  page: z.number().optional(),
  row: z.number().optional(),
  line: z.number().optional(),
  toLine: z.number().optional(),
});
/** `put`: of the time that its document was read. */
export type PlaceRow = z.output<typeof placeRow> & Readonly<{ put: string }>;

export type IndexCollections = Readonly<{
  sources: Collection<SourceRow>;
  documents: Collection<DocumentRow>;
  chunks: Collection<ChunkRow>;
  places: Collection<PlaceRow>;
  vectorSpaces: Collection<SpaceRow>;
}>;

export const CHUNKS = 'chunks';

export function indexCollectionsOf(db: Db): IndexCollections {
  return {
    sources: db.collection('sources'),
    documents: db.collection('documents'),
    chunks: db.collection(CHUNKS),
    places: db.collection('places'),
    vectorSpaces: db.collection('vector_spaces'),
  };
}

/** A document by its source, whose name holds no slash, and its path. */
export function documentKey(source: string, path: string): string {
  return `${source}/${path}`;
}
