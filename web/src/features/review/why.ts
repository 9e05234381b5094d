import type { ReviewItem } from '../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../src/stages/store/review-queue-repository.ts';

/** Why a candidate waits for a person. */
export const WHY_WORDS: Readonly<Record<Why, Readonly<{ short: string; long: string }>>> = {
  score: { short: 'unsure score', long: 'The judge gave a score between the two thresholds.' },
  audit: { short: 'audit', long: 'Drawn at random, to see whether the judge can be trusted.' },
  suspicious: {
    short: 'suspicious',
    long: 'Its texts speak to the judge, or have letters that nobody sees.',
  },
  disagreement: {
    short: 'judges disagree',
    long: 'The judge and a shadow judge came to different verdicts.',
  },
};

export const WHYS: readonly Why[] = ['score', 'audit', 'suspicious', 'disagreement'];

/** Why this one waits; of two judges that differ, who says what. */
export function whyOf({ why, review, shadow }: Pick<ReviewItem, 'why' | 'review' | 'shadow'>): string {
  if (why !== 'disagreement' || shadow === undefined) return WHY_WORDS[why].long;
  const live = `The judge says ${review.verdict}, ${review.score}`;
  return `${live}; shadow ${shadow.name} says ${shadow.verdict}, ${shadow.score}.`;
}
