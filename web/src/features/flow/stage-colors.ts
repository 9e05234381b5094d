const COLORS = 5;

/** The CSS variable of the stage at a place (from 0), the same in every picture. */
export function stageColor(place: number): string {
  return `--stage-${(place % COLORS) + 1}`;
}
