import type { Store } from '../stages/store.ts';
import { Failure } from '../streams/failure.ts';
import type { LaneName } from '../streams/work.ts';

/** Throws a Failure (`bad_lane`) for a lane that nobody opened: it would look empty. */
export async function assertLane({ lanes }: Pick<Store, 'lanes'>, lane: LaneName): Promise<void> {
  if ((await lanes.get(lane)) !== undefined) return;
  throw new Failure(
    'fatal',
    'bad_lane',
    `There is no lane ${lane} here. A run, a replay or a redo opens one.`,
  );
}
