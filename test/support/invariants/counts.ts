import type { Store } from '../../../src/stages/store/store.ts';
import type { LaneName } from '../../../src/streams/work/work.ts';
import type { RunFacts } from './facts.ts';

/** The numbers as the store tells them to people. */
export async function readCounts(
  store: Pick<Store, 'reports'>,
  lanes: readonly string[],
): Promise<Pick<RunFacts, 'counts' | 'tally'>> {
  const counts = new Map<string, Readonly<Record<string, number>>>();
  const tally = { done: 0, failedAttempts: 0, dead: 0 };
  for (const lane of lanes) {
    const { questions, stages } = await store.reports.progress(lane as LaneName);
    counts.set(lane, questions);
    for (const stage of Object.values(stages)) {
      tally.done += stage.done;
      tally.failedAttempts += stage.failedAttempts;
      tally.dead += stage.dead;
    }
  }
  return { counts, tally };
}
