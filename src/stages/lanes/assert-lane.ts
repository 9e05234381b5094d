import { Failure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { shadowOfLane } from '../judges/shadow-name.ts';
import type { Store } from '../store/store.ts';

/** Throws a Failure (`bad_lane`) for a lane that nobody opened, or in which no question stands: it would look empty. */
export async function assertLane(store: Pick<Store, 'lanes'>, lane: LaneName): Promise<void> {
  await assertHasQuestions(store, lane);
  if ((await store.lanes.get(lane)) !== undefined) return;
  const message = `There is no lane ${lane} here. A run, a replay or a redo opens one.`;
  throw new Failure('fatal', 'bad_lane', message);
}

/** Throws a Failure (`bad_lane`) for the lane of a shadow judge, in which no question stands. */
export async function assertHasQuestions({ lanes }: Pick<Store, 'lanes'>, lane: LaneName): Promise<void> {
  if ((await lanes.get(lane))?.shadow !== true) return;
  const name = shadowOfLane(lane) ?? lane;
  const message = `Lane ${lane} is that of a shadow judge, and no question stands in it. To compare it with the live judge: millrace shadow ${name}`;
  throw new Failure('fatal', 'bad_lane', message);
}
