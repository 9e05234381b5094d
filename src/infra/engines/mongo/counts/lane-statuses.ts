import { z } from 'zod';
import { type Status, statuses } from '../../../../stages/status.ts';
import { jsonText } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';

const laneRow = z.object({
  lane: jsonText(
    z.object({
      recipes: z.object({
        stages: z.array(z.object({ status: z.string().transform((name) => name as Status) })).optional(),
      }),
    }),
  ),
});

/**
 * Every status that a question of the lane can have: also those of stages that the lane has and this process does not. Rejects with the
 * driver's errors.
 */
export async function statusesIn(
  { lanes }: Pick<Collections, 'lanes'>,
  lane: LaneName,
): Promise<readonly Status[]> {
  const found = laneRow.safeParse(await lanes.findOne({ _id: lane })).data;
  const added = found?.lane.recipes.stages?.map(({ status }) => status) ?? [];
  return [...new Set([...statuses(), ...added])];
}
