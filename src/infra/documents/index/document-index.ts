import { z } from 'zod';
import type { Chunk } from '../text/chunks.ts';
import type { Soon, VectorIndex, VectorSearch } from '../vectors/vector-index.ts';

export const sourceSchema = z.object({
  name: z.string(),
  root: z.string(),
  include: z.array(z.string()).readonly(),
  exclude: z.array(z.string()).readonly(),
  license: z.string(),
  /** Which columns of its tables are texts. */
  fields: z.object({ text: z.string().optional(), title: z.string().optional() }),
  addedAt: z.string(),
});
/** What a user added: a folder or a file, and which of its files are read. */
export type Source = Readonly<z.output<typeof sourceSchema>>;

export const knownDocumentSchema = z.object({
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
/** A file as it was when it was read last. */
export type KnownDocument = Readonly<z.output<typeof knownDocumentSchema>>;

/** A document that was read, with the chunks of its text. Without them its text is as it was, and only its facts are new. */
export type ReadDocument = Readonly<{ document: KnownDocument; chunks?: readonly Chunk[] }>;

export type SourceTally = Source & Readonly<{ documents: number; refused: number; chunks: number }>;

/** How much is indexed, of all sources. */
export type Indexed = Readonly<{ sources: number; documents: number; refused: number; chunks: number }>;

/** Whoever writes a source shows a sign of life at least so often, in milliseconds. */
export const SOURCE_LEASE_MS = 60_000;

/**
 * The index as those write it who add sources, on whatever engine. One process writes a source at a time. Killed anywhere, the same
 * command goes on. Throws Failures.
 */
export interface DocumentIndex {
  /** What else documents are put by, beside their extractors: under another mark each is put again. */
  readonly mark?: string;
  /** By name. */
  sources(): Soon<readonly SourceTally[]>;
  source(name: string): Soon<Source | undefined>;
  /** By path. */
  documents(name: string): Soon<ReadonlyMap<string, KnownDocument>>;
  /** Those of the chunks that stand in a document. */
  knownChunks(hashes: readonly string[]): Soon<ReadonlySet<string>>;
  /** Takes the source for this writer, and keeps what it is. Throws a Failure (`bad_source`) where another is writing it. */
  begin(source: Source): Soon<void>;
  /** Gives the source free for other writers. */
  end(name: string): Soon<void>;
  /** Puts documents, each path once. Returns how many of their chunks nobody knew. */
  put(name: string, documents: readonly ReadDocument[]): Soon<number>;
  drop(name: string, path: string): Soon<void>;
  /** Takes the source out, with everything that only it has. */
  remove(name: string): Soon<void>;
  /** Takes the traces out that deleted text leaves in the free space of a file; best effort beside whoever searches. */
  shred(): Soon<void>;
  close(): Soon<void>;
}

/** An index and the vectors of its chunks. */
export type WritableIndex = DocumentIndex & Readonly<{ vectors: VectorIndex }>;

/** Who searches an index. To be closed. */
export type Finder = VectorSearch & Readonly<{ close(): Promise<void> }>;

/** What keeps the two writers of one source apart, in words. */
export const INDEXING = {
  elsewhere: (name: string, seconds: number) =>
    `Another process is indexing ${name}: wait until it has ended. If it was killed, ${name} is free in ${seconds} s.`,
  takenOver: (name: string) => `Another process has taken over ${name}: it goes on there.`,
} as const;
