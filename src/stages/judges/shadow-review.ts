import { z } from 'zod';

/** How a shadow judge reviewed a candidate. */
export const shadowReviewSchema = z.object({
  name: z.string(),
  score: z.number(),
  verdict: z.string(),
  feedback: z.string(),
});
export type ShadowReview = Readonly<z.output<typeof shadowReviewSchema>>;
