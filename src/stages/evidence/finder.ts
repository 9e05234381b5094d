import type { Piece } from './piece.ts';

/** A piece that no question has shown yet. */
export type FoundPiece = Omit<Piece, 'id'>;

export type Wanted = Readonly<{
  text: string;
  /** At most so many. */
  limit: number;
  /** Names of sources. Absent: all of them. */
  sources?: readonly string[] | undefined;
  /** Hears what the search cost, in US dollars and in tokens of a model, where it cost anything. */
  onCost?: ((costUsd: number, tokens: number) => void) | undefined;
}>;

/** A stretch of one document. */
export type Stretch = Readonly<{
  /** The name of its source, and its path there. */
  source: string;
  path: string;
  /** From which character of its text on. */
  from: number;
  /** So many at most, but for the first piece. */
  characters: number;
}>;

/** Pieces of a document in order, and how long its text is. */
export type ReadStretch = Readonly<{ pieces: readonly FoundPiece[]; length: number }>;

/** Finds pieces of what a user has added, whatever keeps them. Failures are of kind `fatal`: a person has to look. */
export interface PieceFinder {
  /** The best first, by the words that they share with the text. */
  find(wanted: Wanted): Promise<readonly FoundPiece[]>;
  /** Resolves with `undefined` where there is no such document. Absent: documents are searched here, and not opened. */
  read?(stretch: Stretch): Promise<ReadStretch | undefined>;
}
