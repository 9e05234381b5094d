import { hash } from 'node:crypto';
import { z } from 'zod';
import type { FoundPiece, PieceFinder, Wanted } from '../../../stages/evidence/finder.ts';

export const vectorSpaceSchema = z.object({
  model: z.string(),
  dimensions: z.number(),
  /** The length was asked for by name, and is asked for again. */
  asked: z.boolean(),
  /** Where they were made, without log-in and query, and the variable of the key: whoever searches there asks there. */
  address: z.string(),
  keyVariable: z.string(),
});
/** Vectors that can be compared: of one model, and of one length. */
export type VectorSpace = Readonly<z.output<typeof vectorSpaceSchema>>;

/** Vectors to be made: how long they are is left to the model unless they are asked for at some length. */
export type WantedSpace = Omit<VectorSpace, 'dimensions'> & Readonly<{ dimensions: number | undefined }>;

export const spaceTallySchema = vectorSpaceSchema.extend({
  /** Every chunk that stood at some moment had a vector. Of several, a ready one answers. */
  ready: z.boolean(),
});
export type SpaceTally = Readonly<z.output<typeof spaceTallySchema>>;

/** A chunk that has no vector yet. */
export type Unembedded = Readonly<{ hash: string; heading: string; text: string }>;

/** Bytes from -127 to 127, or none: whoever was asked for a vector of the text refused it. */
export type Int8Vector = Int8Array;

/** At once where the index is on this machine. */
export type Soon<T> = T | Promise<T>;

/** Keeps apart the processes that make vectors of one index, on whatever machines. It runs out with whoever is killed. */
export interface MakingLease {
  /** Takes it, or takes it again. Resolves with whether it is the holder's now. Rejects with Failures. */
  take(holder: string): Promise<boolean>;
  release(holder: string): Promise<void>;
}

/** The vectors of an index of documents. They go with their chunks. Throws Failures. */
export interface VectorIndex {
  /** Absent where no other machine reaches the index. */
  readonly lease?: MakingLease;
  /** Those that answer first, then the newest. */
  spaces(): Soon<readonly SpaceTally[]>;
  /** How much there is to make yet. Of a space that nobody made, that is all. */
  lacking(space: VectorSpace): Soon<Readonly<{ chunks: number; characters: number }>>;
  /** Some chunks without a vector, in an order that stands, behind the hash of one. */
  without(space: VectorSpace, limit: number, after: string): Soon<readonly Unembedded[]>;
  /** Keeps vectors of chunks that still stand; makes the space where there is none. */
  putVectors(space: VectorSpace, vectors: ReadonlyMap<string, Int8Vector>): Soon<void>;
  /** From now on it answers, and all others go. */
  answerBy(space: VectorSpace): Soon<void>;
}

/** The text of a query as a vector of a space. */
export type QueryVector = Readonly<{ space: VectorSpace; values: Int8Vector }>;

export type WantedByVector = Wanted & Readonly<{ vector?: QueryVector | undefined }>;

/** Finds by words, and by the vector of the query where it is given one. */
export interface VectorSearch extends PieceFinder {
  find(wanted: WantedByVector): Promise<readonly FoundPiece[]>;
  /** Those of its index, the one that answers first. */
  spaces(): Promise<readonly SpaceTally[]>;
}

/** How documents are searched by vectors there. */
export type SearchedByVectors = Readonly<{
  /** Whose vectors answer; `undefined` where there are none. */
  answering: SpaceTally | undefined;
  chunks: number;
  /** Chunks without a vector among those that answer. */
  lacking: number;
  searched: 'by-looking-at-all' | 'by-an-index' | 'among-those-by-words';
}>;

/** Names a space by what makes its vectors comparable. */
export function spaceKey({ model, dimensions }: Pick<VectorSpace, 'model' | 'dimensions'>): string {
  return `v${hash('sha256', JSON.stringify([model, dimensions])).slice(0, 16)}`;
}
