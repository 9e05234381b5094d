import { z } from 'zod';
import type { LaneName } from '../streams/work.ts';
import { recipesSchema } from './recipe.ts';

/** The lane that everything goes through unless a replay opened another. */
export const MAIN_LANE = 'main' as LaneName;

/** One pass over the questions: every worker works a record by the recipes of the record's lane. */
export const laneSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** The lane it was replayed from. */
  parent: z.string().optional(),
  recipes: recipesSchema,
  simulated: z.boolean(),
  createdAt: z.string(),
  /** Of a replay: the stage whose topic is read again, and the end offset of each partition, pinned at its start. */
  replay: z.object({ stage: z.string(), until: z.record(z.string(), z.string()) }).optional(),
});
export type Lane = Readonly<z.output<typeof laneSchema>>;

export interface LaneBook {
  get(name: LaneName): Promise<Lane | undefined>;
  put(lane: Lane): Promise<void>;
}
