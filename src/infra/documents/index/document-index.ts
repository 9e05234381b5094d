import type { TextFields } from '../extract/rows.ts';
import type { Chunk } from '../text/chunks.ts';

/** What a user added: a folder or a file, and which of its files are read. */
export type Source = Readonly<{
  name: string;
  root: string;
  include: readonly string[];
  exclude: readonly string[];
  license: string;
  /** Which columns of its tables are texts. */
  fields: TextFields;
  addedAt: string;
}>;

/** A file as it was when it was read last. */
export type KnownDocument = Readonly<{
  path: string;
  title: string;
  bytes: number;
  mtimeMs: number;
  fileHash: string;
  textHash: string;
  extractor: string;
  state: 'indexed' | 'refused';
  code: string;
  message: string;
  at: string;
}>;

/** A document that was read, with the chunks of its text. Without them its text is as it was, and only its facts are new. */
export type ReadDocument = Readonly<{ document: KnownDocument; chunks?: readonly Chunk[] }>;

export type SourceTally = Source & Readonly<{ documents: number; refused: number; chunks: number }>;

/** How much is indexed, of all sources. */
export type Indexed = Readonly<{ sources: number; documents: number; refused: number; chunks: number }>;

type Soon<T> = T | Promise<T>;

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

/** What keeps the two writers of one source apart, in words. */
export const INDEXING = {
  elsewhere: (name: string, seconds: number) =>
    `Another process is indexing ${name}: wait until it has ended. If it was killed, ${name} is free in ${seconds} s.`,
  takenOver: (name: string) => `Another process has taken over ${name}: it goes on there.`,
} as const;
