import type { Piece } from './piece.ts';

/** A piece that no question has shown yet. */
export type FoundPiece = Omit<Piece, 'id'>;

export type Wanted = Readonly<{
  text: string;
  /** At most so many. */
  limit: number;
  /** Names of sources. Absent: all of them. */
  sources?: readonly string[] | undefined;
}>;

/** Finds pieces of what a user has added, whatever keeps them. Failures are of kind `fatal`: a person has to look. */
export interface PieceFinder {
  /** The best first, by the words that they share with the text. */
  find(wanted: Wanted): Promise<readonly FoundPiece[]>;
}
