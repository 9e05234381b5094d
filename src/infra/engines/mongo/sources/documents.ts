import type { Collection, Db } from 'mongodb';
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
  put: string;
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
}>;

export function indexCollectionsOf(db: Db): IndexCollections {
  return {
    sources: db.collection('sources'),
    documents: db.collection('documents'),
    chunks: db.collection('chunks'),
    places: db.collection('places'),
  };
}

/** A document by its source, whose name holds no slash, and its path. */
export function documentKey(source: string, path: string): string {
  return `${source}/${path}`;
}
