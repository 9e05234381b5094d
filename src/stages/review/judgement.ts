import { z } from 'zod';
import { onceForEach } from '../../streams/once-for-each.ts';
import type { Review } from '../example.ts';
import type { ReviewRecipe, Rubric } from '../lanes/recipe.ts';

/** Of 10, or of nothing: "4/5" and "80/100" mean something else. */
const SCORE_TEXT =
  /^[\s*_]*(?:(?:score|rating)[\s*_]*[:=][\s*_]*)?(\d+(?:[.,]\d+)?)[\s*_]*(?:(?:\/|out of|of)\s*(?:10|ten)(?:[.,]0)?)?[\s*_]*$/i;

/**
 * What the judge is told: whole numbers one by one, which also the strictest subset of JSON schemas can say. From the top:
 * stand-ins for models answer with the first value of an enum, and are to play an approval.
 */
const SCALE = { type: 'integer', enum: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1] } as const;

/**
 * A judge's score. "7", "7.5/10" and "Score: 8 out of 10" are understood as well: models drift.
 */
export const scoreSchema = z.preprocess((value) => {
  const text = typeof value === 'string' ? SCORE_TEXT.exec(value)?.[1] : undefined;
  return text === undefined ? value : Number(text.replace(',', '.'));
}, z.number().min(1).max(10).meta(SCALE));

/** A bare score is taken too; its reason is not known then. */
const criterion = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? { score: value, reason: '' } : value),
  // In the order in which it is written: the reason first.
  z.object({ reason: z.string(), score: scoreSchema }),
);

export type Judgement = Readonly<{
  scores: Readonly<Record<string, Readonly<{ score: number; reason: string }>>>;
  feedback: string;
}>;

/** What the judge must answer: a score and a reason for every criterion of the rubric. */
export const judgementSchema = onceForEach((rubric: Rubric): z.ZodType<Judgement> => {
  const scores = z.object(Object.fromEntries(Object.keys(rubric).map((name) => [name, criterion])));
  return z.object({ scores, feedback: z.string() });
});

/**
 * The verdict follows from the threshold, not from the judge's mood: approved if every criterion reaches `minScore`,
 * otherwise back to generation while revisions are left. It is stored with the result, so a later change of the
 * settings cannot turn a decision that was acted upon.
 */
export function verdictOf(
  { scores: judged, feedback }: Judgement,
  { minScore, maxRevisions }: ReviewRecipe,
  revision: number,
): Review {
  // In the order of the stored ones: a record that is published again is the same to the byte.
  const scores = Object.fromEntries(
    Object.entries(judged).map(([name, { score, reason }]) => [name, { score, reason }]),
  );
  const score = Math.min(...Object.values(scores).map((each) => each.score));
  const failed = revision < maxRevisions ? 'revise' : 'rejected';
  return { scores, score, verdict: score >= minScore ? 'approved' : failed, feedback };
}
