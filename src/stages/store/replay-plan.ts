import { z } from 'zod';
import type { LaneName } from '../../streams/work/work.ts';
import { withheld } from '../lanes/extra-bodies.ts';
import { laneNameSchema, laneSchema } from '../lanes/lane.ts';
import { offsetPairs, offsetsSchema } from '../lanes/offsets.ts';
import { storedStageSchema, storedStatusSchema } from '../name-schemas.ts';

export const REPLAY_MODES = ['republish', 'reprocess'] as const;
export type ReplayMode = (typeof REPLAY_MODES)[number];

/** What somebody asks of a replay: the same again is the same replay, anything else needs another name. */
const replayRequestSchema = z.object({
  mode: z.enum(REPLAY_MODES),
  stage: storedStageSchema,
  source: laneNameSchema,
  /** As it was written: `beginning`, offsets, or a time. */
  from: z.string(),
  to: z.string(),
  /** Subject of the questions that are meant; empty for all. */
  topic: z.string(),
  subTopic: z.string(),
  /** Where a question has to stand in the source lane; empty for anywhere. */
  status: z.array(storedStatusSchema),
  /** What the lane that is opened does differently from its source, by the names of the settings. */
  changes: z.record(z.string(), z.string()),
});
export type ReplayRequest = Readonly<z.output<typeof replayRequestSchema>>;

/** A replay as it was started: all that it takes to go on with it. */
export const replayPlanSchema = z.object({
  name: laneNameSchema,
  /** Its request, under the name by which it is stored. */
  wish: replayRequestSchema,
  /** The lane that a reprocess opens. */
  lane: laneSchema.optional(),
  group: z.string(),
  /** Per partition, the first offset that is read. */
  begin: offsetsSchema,
  /** Per partition, the offset to stop before, pinned at the start. */
  end: offsetsSchema,
  startedAt: z.string(),
});
export type ReplayPlan = Readonly<z.output<typeof replayPlanSchema>>;

/** A plan, and since when its source is read to the end. */
export type KnownReplay = Readonly<{ plan: ReplayPlan; readAt: string | undefined }>;

/** The replays that were started, by the names of their lanes. */
export interface ReplayRepository {
  get(name: LaneName): Promise<KnownReplay | undefined>;
  /** Keeps the plan unless one of its name stands, and answers what stands. */
  open(plan: ReplayPlan): Promise<KnownReplay>;
  /** The source is read to the end. Safe to repeat: the first time stays. */
  markRead(name: LaneName, at: string): Promise<void>;
}

/** The plan as JSON, for a store. */
export function storedPlanText({ begin, end, lane, ...plan }: ReplayPlan): string {
  const opened = lane === undefined ? {} : { lane: withheld(lane) };
  return JSON.stringify({ ...plan, ...opened, begin: offsetPairs(begin), end: offsetPairs(end) });
}
