import type { FoundPiece, Stretch } from '../../../stages/evidence/finder.ts';

/** As many of the pieces as the stretch may have, at least one where there is one. */
export function withinStretch({ characters }: Stretch, pieces: readonly FoundPiece[]): readonly FoundPiece[] {
  let sum = 0;
  return pieces.filter(({ text }, index) => {
    sum += text.length;
    return index === 0 || sum <= characters;
  });
}
