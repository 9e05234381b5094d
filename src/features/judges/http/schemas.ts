import { z } from 'zod';
import { pageCursor, pageLimit } from '../../../infra/http/parameters.ts';
import { shadowNameSchema } from '../../../stages/judges/shadow-name.ts';
import { shadowVerdictSchema } from '../../../stages/store/shadow-repository.ts';

const MAX_DAYS = 3_650;
const count = z.int().nonnegative();

/** How far a shadow judge and the live one see the same. */
const agreementFields = {
  judged: count,
  both: count.describe('Approved by both.'),
  neither: count.describe('Approved by neither.'),
  liveOnly: count.describe('Approved by the live judge alone.'),
  shadowOnly: count.describe('Approved by the shadow alone.'),
  agreement: z.number().nullable().describe('The share on which both agree; null where nothing was judged.'),
  kappa: z.number().nullable().describe('Agreement beyond chance; null where chance alone must agree.'),
  scoreDifference: z.number().nullable().describe("The shadow's score less the live one, on average."),
};

/** What a judge took for its verdicts. */
const judgeCostSchema = z.object({
  model: z.string(),
  works: count.describe('Candidates that it judged.'),
  costUsd: z.number(),
  costPer1000Usd: z.number().nullable().describe('Per 1,000 candidates; null where a price is not known.'),
  tokens: count,
  unpricedCalls: count,
});

const shadowReportSchema = z.object({
  name: z.string(),
  lane: z.string().describe('Whose judge it works beside.'),
  since: z.string().describe('When it began.'),
  recipe: z.string().describe('Names its prompt, model and settings by their content.'),
  minScore: z.number(),
  ...agreementFields,
  failed: count.describe('Candidates that it could not judge.'),
  lag: count
    .nullable()
    .describe('Records that the live judge has settled and the shadow not; null while the log is away.'),
  cost: z.object({ shadow: judgeCostSchema, live: judgeCostSchema }),
  sided: z
    .object({ withLive: count, withShadow: count })
    .describe('Of disagreements that a person decided: with whom.'),
});
export type ShadowReportBody = Readonly<z.output<typeof shadowReportSchema>>;

export const shadowsSchema = z.object({ shadows: z.array(shadowReportSchema).readonly() });
export type ShadowReports = Readonly<z.output<typeof shadowsSchema>>;

export const shadowParamsSchema = z.object({ name: shadowNameSchema });
export const shadowQuerySchema = z.object({
  days: z.coerce.number().int().min(1).max(MAX_DAYS).default(90),
});
export const shadowDetailSchema = shadowReportSchema.extend({
  byDay: z
    .array(z.object({ day: z.string(), ...agreementFields }))
    .readonly()
    .describe('Of the last days, those on which something was judged.'),
});
export type ShadowDetail = Readonly<z.output<typeof shadowDetailSchema>>;

export const disagreementsQuerySchema = z.object({
  cursor: pageCursor,
  limit: pageLimit,
});
const disagreementSchema = shadowVerdictSchema.extend({
  questionId: z.string(),
  lane: z.string(),
  text: z.string().optional().describe('Of the question, cut off after some hundred characters.'),
});
export type Disagreement = Readonly<z.output<typeof disagreementSchema>>;
export const disagreementsSchema = z.object({
  verdicts: z.array(disagreementSchema).readonly(),
  cursor: z.string().optional(),
});
export type Disagreements = Readonly<z.output<typeof disagreementsSchema>>;
