import type { WorkId } from '../../streams/work/work.ts';
import type { Review } from '../example.ts';
import type { ReviewRecipe } from '../lanes/recipe.ts';
import { isSampled } from '../sampled.ts';

/**
 * Whether a person is asked before the verdict counts, and why. What goes back to generation is not held: a person sees a
 * candidate once it would be approved or rejected; a suspicious one where it would be approved. Chance is a hash of the work, so that a repeat decides the same.
 */
export function holdOf(
  { score, verdict }: Review,
  { hold }: ReviewRecipe,
  workId: WorkId,
  suspicious = false,
): Review['hold'] {
  if (hold === undefined || verdict === 'revise') return undefined;
  if (suspicious && verdict === 'approved') return 'suspicious';
  const { scores, share = 0 } = hold;
  if (scores !== undefined && score >= scores[0] && score <= scores[1]) return 'score';
  return isSampled(workId, share, 'audit') ? 'audit' : undefined;
}
