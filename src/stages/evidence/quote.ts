import { type Folded, fold } from './fold.ts';
import type { Piece } from './piece.ts';

/** A shorter quote proves nothing. Folded characters. */
const LEAST_CHARACTERS = 12;
/** A message carries no longer one. */
const MOST_CHARACTERS = 1_000;

/** The quote where it stands: its piece, and its place in the text of that piece. */
export type FoundQuote = Readonly<{ piece: Piece; start: number; end: number }>;

export type QuoteFault =
  | Readonly<{ code: 'unknown_piece'; id: string }>
  | Readonly<{ code: 'bad_quote'; id: string; quote: string; why: 'short' | 'absent' }>;

/** The pieces of one question, each folded once. */
export class QuotablePieces {
  readonly pieces: readonly Piece[];
  readonly #folded = new Map<string, Folded>();

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /**
   * Where the quote stands: in the piece that is named or, where it is not there, in the only other one that holds it. Nothing like
   * it counts: "would" and "would not" are nearly the same text.
   */
  find(id: string, quote: string): FoundQuote | QuoteFault {
    const named = this.pieces.find((piece) => piece.id === id.trim());
    const wanted = wantedIn(quote);
    if (wanted.length < LEAST_CHARACTERS)
      return named === undefined
        ? { code: 'unknown_piece', id }
        : { code: 'bad_quote', id, quote, why: 'short' };
    const found = named === undefined ? undefined : this.#within(named, wanted);
    if (found !== undefined) return found;
    const elsewhere = this.pieces.flatMap((piece) => this.#within(piece, wanted) ?? []);
    const [only, ...more] = elsewhere;
    if (only !== undefined && more.length === 0) return only;
    return named === undefined
      ? { code: 'unknown_piece', id }
      : { code: 'bad_quote', id, quote, why: 'absent' };
  }

  #within(piece: Piece, wanted: string): FoundQuote | undefined {
    const folded = this.#folded.get(piece.id) ?? fold(piece.text);
    this.#folded.set(piece.id, folded);
    const at = folded.text.indexOf(wanted);
    const [start, last] = [folded.starts[at], folded.ends[at + wanted.length - 1]];
    if (at === -1 || start === undefined || last === undefined) return undefined;
    return { piece, start, end: wholeEnd(piece.text, start, Math.min(last, start + MOST_CHARACTERS)) };
  }
}

/** The longest part of a quote that leaves something out, without the quotation marks that a model may set around it. */
function wantedIn(quote: string): string {
  const parts = fold(quote)
    .text.split(/\[?\.{3,}\]?/)
    .map((part) =>
      part
        .trim()
        .replace(/^"+|"+$/g, '')
        .trim(),
    );
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** An end that cuts no character in two. */
function wholeEnd(text: string, start: number, end: number): number {
  const unit = text.charCodeAt(end - 1);
  return end > start + 1 && unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
}
