import type { FoundPiece, Stretch } from '../../../stages/evidence/finder.ts';

/** So many chunks hold more characters than anybody wants at once. */
export const MOST_READ = 50;

/** As many of the pieces as the stretch may have, at least one where there is one. */
export function withinStretch({ characters }: Stretch, pieces: readonly FoundPiece[]): readonly FoundPiece[] {
  let sum = 0;
  return pieces.filter(({ text }, index) => {
    sum += text.length;
    return index === 0 || sum <= characters;
  });
}
