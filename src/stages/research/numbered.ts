import type { FoundPiece } from '../evidence/finder.ts';
import type { Piece } from '../evidence/piece.ts';

/** Pieces under ids: what was shown before keeps its id, the rest goes on behind the last. */
export function numbered(found: readonly FoundPiece[], shown: readonly Piece[]): readonly Piece[] {
  const ids = new Map(shown.map((piece) => [placeOf(piece), piece.id]));
  let next = 1 + Math.max(0, ...shown.map(({ id }) => Number(id.slice(1))));
  return found.map((piece) => {
    const place = placeOf(piece);
    const known = ids.get(place);
    if (known !== undefined) return { id: known, ...piece };
    const id = `E${next}`;
    next += 1;
    ids.set(place, id);
    return { id, ...piece };
  });
}

function placeOf({ source, start, end, text }: FoundPiece): string {
  return JSON.stringify([source, start, end, text]);
}
