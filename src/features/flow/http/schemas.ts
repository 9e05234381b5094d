import { z } from 'zod';
import { ofEachStage, stageNameSchema } from '../../../stages/name-schemas.ts';

const count = z.int().nonnegative();
/** One stage as it stands now. */
const stageFlowSchema = z.object({
  stage: stageNameSchema,
  status: z.string().nullable().describe('Where a question stands behind it; null for the last.'),
  waiting: count.describe('Records of its topic that nobody works at yet.'),
  inFlight: count.describe('Calls on their way; for a stage without calls, records at work.'),
  done: count.describe('Finished works, whatever their verdict.'),
  failed: count.describe('Works that became dead letters.'),
  failedAttempts: count,
  ratePerMinute: z.number().nonnegative().describe('Works finished in the last minute.'),
  workers: count.describe('Processes that work this stage.'),
  partitions: count.describe('Partitions that they read.'),
  lag: count
    .nullable()
    .describe(
      'Records of its topic that are not settled, as of the last few seconds; null until it is known.',
    ),
  paused: z.boolean().describe('By order of a person: it takes no records.'),
  p50Ms: z
    .number()
    .nullable()
    .describe('Half of the works took no longer, from delivery to stored, since these workers started.'),
  p95Ms: z.number().nullable(),
  limit: count
    .nullable()
    .describe('Calls at once that its endpoint takes now, over all processes; null without calls.'),
  circuit: z.enum(['closed', 'half-open', 'open']).nullable(),
  circuitCause: z.string().nullable().describe('Why the circuit is not closed.'),
  tokens: count,
  costUsd: z.number().nonnegative(),
});
export type StageFlow = Readonly<z.output<typeof stageFlowSchema>>;

const alarmSchema = z.object({
  worker: z.string(),
  code: z.string(),
  message: z.string(),
  since: z.string(),
});

/** Everything that the picture of the stream shows. */
export const flowSchema = z.object({
  at: z.string().describe('ISO 8601, by the clock of the server.'),
  namespace: z.string(),
  lane: z.string(),
  simulated: z.boolean(),
  questions: z.object({
    open: count,
    approved: count,
    rejected: count,
    held: count,
    deadLettered: count,
  }),
  onDesk: count.describe(
    'Questions that wait for a person: held ones, and finished ones about which a shadow judge sees otherwise.',
  ),
  stages: z.array(stageFlowSchema).readonly(),
  endedPerMinute: z.number().nonnegative(),
  etaSeconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe('At the rate of the last minute; null where nothing ends.'),
  approvalP50Ms: z
    .number()
    .nullable()
    .describe('From the arrival of a question to its approval: half of the last 500 took no longer.'),
  approvalP95Ms: z.number().nullable(),
  tokens: count,
  costUsd: z.number().nonnegative(),
  unpricedCalls: count.describe('Calls whose price is not known, and that the cost leaves out.'),
  alarms: z.array(alarmSchema).readonly(),
});
export type Flow = Readonly<z.output<typeof flowSchema>>;

/** One point of the charts: what happened in the seconds before it. */
const flowPointSchema = z.object({
  at: z.number().describe('Seconds since 1970.'),
  done: ofEachStage(count),
  inFlight: ofEachStage(count),
  tokens: count,
  costUsd: z.number().nonnegative(),
});
export type FlowPoint = Readonly<z.output<typeof flowPointSchema>>;

export const flowHistorySchema = z.object({
  stepSeconds: z.int().positive(),
  points: z.array(flowPointSchema).readonly(),
});
export type FlowHistory = Readonly<z.output<typeof flowHistorySchema>>;
