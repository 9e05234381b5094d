import type { Engine } from '../../infra/engines/engine.ts';
import type { Lane } from '../../stages/lanes/lane.ts';
import type { AlarmSink } from '../../streams/alarms.ts';
import { lookEvery } from '../../streams/look-every.ts';
import { cutText, EMPTIED_MEND, lostRecords } from '../upkeep/losses.ts';
import { STRANDED_MEND, strandedCount, strandedText } from '../upkeep/stranded.ts';

const LOOK_MS = 10_000;

export type LossesWatched = Readonly<{
  engine: Pick<Engine, 'log' | 'store'>;
  namespace: string;
  /** As it stood when the process opened it. */
  lane: Lane;
  alarms: AlarmSink;
}>;

/**
 * Looks, at once and every ten seconds, whether topics and database still hold what the work goes by: records that were deleted unread, a
 * database that was dropped under way, questions that nobody will ever work. Each is an alarm. Ends with the returned function.
 */
export function watchLosses(watched: LossesWatched, lookMs = LOOK_MS): () => void {
  const stranded = strandedWatch(watched);
  const looks = [() => lookAtTopics(watched), () => lookAtDatabase(watched), stranded];
  let stopped = false;
  const { now, stop } = lookEvery(lookMs, async () => {
    // One may be away while the other answers.
    for (const each of looks) if (!stopped) await each().catch(() => undefined);
  });
  now();
  return () => {
    stopped = true;
    void stop();
  };
}

async function lookAtTopics({ engine, namespace, alarms }: LossesWatched): Promise<void> {
  for (const cut of await lostRecords(engine, namespace))
    alarms.raise('records_lost', cut.topic, cutText(cut));
}

/** Nobody deletes a lane that is at work, and no other one is ever put in its place. */
async function lookAtDatabase({ engine, namespace, lane, alarms }: LossesWatched): Promise<void> {
  const existing = await engine.store.lanes.get(lane.name);
  if (existing?.createdAt === lane.createdAt) return;
  const text = `The database ${namespace} was dropped or put back while this process was at work: what it held of questions and paid answers is gone. Start the workers again, which makes its indexes again; then ${EMPTIED_MEND}.`;
  alarms.raise('store_emptied', namespace, text);
  // So that the next process to start works by the same recipe.
  if (existing === undefined) await engine.store.lanes.open(lane);
}

/** What is between two topics at one look has arrived at the next. */
function strandedWatch({ engine, namespace, alarms }: LossesWatched): () => Promise<void> {
  let before = 0;
  return async () => {
    const now = await strandedCount(engine, namespace);
    const text = `${strandedText(now)}. To mend it: ${STRANDED_MEND}.`;
    if (now > 0 && before > 0) alarms.raise('questions_stranded', namespace, text);
    else if (now === 0) alarms.clear('questions_stranded', namespace);
    before = now;
  };
}
