import { createHash } from 'node:crypto';
import type { WorkId } from '../../streams/work.ts';
import type { Review } from '../example.ts';
import type { ReviewRecipe } from '../recipe.ts';

/**
 * Whether a person is asked before the verdict counts, and why. What goes back to generation is not held: a person sees a
 * candidate once it would be approved or rejected. Chance is a hash of the work, so that a repeat decides the same.
 */
export function holdOf({ score, verdict }: Review, { hold }: ReviewRecipe, workId: WorkId): Review['hold'] {
  if (hold === undefined || verdict === 'revise') return undefined;
  const { scores, share = 0 } = hold;
  if (scores !== undefined && score >= scores[0] && score <= scores[1]) return 'score';
  return chanceOf(workId) < share ? 'audit' : undefined;
}

/** From 0 up to 1, spread evenly, always the same for the same work. */
function chanceOf(workId: WorkId): number {
  return createHash('sha256').update(`audit ${workId}`).digest().readUInt32BE(0) / 2 ** 32;
}
