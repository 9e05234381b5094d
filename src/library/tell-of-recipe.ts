import { differingText } from '../features/run/session/differing-text.ts';
import type { Session } from '../features/run/session/session.ts';

/** Warns, as Node does on standard error, where the options would make another recipe than the lane that all workers share. */
export function tellOfRecipe({ differing, lane }: Pick<Session, 'differing' | 'lane'>): void {
  if (differing?.counts !== 'of the lane') return;
  process.emitWarning(differingText(differing, lane, 'newRecipe: true'), {
    type: 'MillraceWarning',
    code: 'recipe_of_the_lane',
  });
}
