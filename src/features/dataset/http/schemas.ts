import { z } from 'zod';

const count = z.int().nonnegative();
const bar = z.object({ label: z.string(), count });

/** What the approved examples of a lane look like together. */
export const datasetStatisticsSchema = z.object({
  lane: z.string(),
  simulated: z.boolean(),
  approved: count,
  rejected: count,
  topics: z.array(bar).readonly().describe('The largest first.'),
  trainingTypes: z.array(bar).readonly(),
  scores: z.array(bar).readonly().describe('Examples by the lowest score of their review.'),
  lengths: z.array(bar).readonly().describe('Examples by the characters of their candidate.'),
  examined: count.describe('How many examples the distributions rest on.'),
  nearDuplicates: z
    .array(
      z.object({
        a: z.string(),
        b: z.string(),
        textA: z.string(),
        textB: z.string(),
        similarity: z.number(),
      }),
    )
    .readonly()
    .describe('Pairs of questions that say nearly the same, the most alike first.'),
  formats: z
    .array(z.object({ name: z.string(), description: z.string() }))
    .readonly()
    .describe('What a download can be in: ours, and those of plugins.'),
});
export type DatasetStatisticsReply = Readonly<z.output<typeof datasetStatisticsSchema>>;
